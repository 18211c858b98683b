package io.github.raspberryspy.daemon;

import static io.github.raspberryspy.daemon.Browser.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * How the page shows what is deleted, damaged, full and wrong: in a real browser, over a real
 * master, with footage of a demo that was killed once and started again.
 */
class PageUpkeepIT {

  @TempDir static Path recorded;

  @TempDir Path folder;

  private final SteppedClock clock = new SteppedClock();
  private Path footage;
  private MasterServer master;
  private Browser browser;

  /** The system's clock, until somebody sets it. Its nanoseconds do not notice. */
  private static final class SteppedClock extends Clock {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeAll
  static void record() throws Exception {
    Tools.need("chromium", "chromedriver");
    Path demo = recorded.resolve("demo");
    try (Program first = demo(demo)) {
      eventually().until(() -> videos(demo.resolve("footage")).size() >= 3);
      eventually().until(() -> hasOpenFragment(demo.resolve("spool")));
      first.kill(); // what was open is recovered by the next
    }
    try (Program second = demo(demo, "--for", "6s")) {
      assertThat(second.await(Duration.ofMinutes(2)).exit()).isZero();
    }
  }

  /** Whether a segment is open that is more than its header. */
  private static boolean hasOpenFragment(Path spool) throws IOException {
    try (Stream<Path> files = Files.walk(spool)) {
      return files.anyMatch(f -> f.toString().endsWith(".part") && f.toFile().length() > 8192);
    }
  }

  private static Program demo(Path folder, String... more) {
    List<String> args =
        List.of(
            "demo",
            "--source",
            "test://?size=320x240&fps=10&objects=1&seed=7",
            "--segment",
            "3s",
            "--port",
            "0",
            "--dir",
            folder.toString());
    return Program.start(
        recorded, Stream.concat(args.stream(), Stream.of(more)).toArray(String[]::new));
  }

  @BeforeEach
  void startMasterAndBrowser() throws Exception {
    footage = folder.resolve("footage");
    copy(recorded.resolve("demo/footage"), footage);
    master =
        MasterServer.start(
            MasterConfig.into(footage)
                .listen("127.0.0.1", 0)
                .scrub(Duration.ofSeconds(1))
                .minFreeBytes(0)
                .clock(clock, System::nanoTime)
                .build());
    browser = Browser.open();
    browser.driver().get(master.signInLink().toString());
    eventually().until(() -> browser.segmentsOfFirstRow() == videos(footage).size());
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (master != null) {
      master.close();
    }
  }

  @Test
  void whatIsDeletedIsHadBackByUndoOrFromTheTrashAndGoesForGoodOnceThatIsConfirmed()
      throws Exception {
    long all = browser.segmentsOfFirstRow();
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.END, Keys.ENTER);
    eventually().until(() -> browser.shows("[data-testid=player]"));
    browser.click("[data-testid=delete-button]");
    eventually().until(() -> browser.segmentsOfFirstRow() == all - 1);
    browser.click("[data-testid=notice-action]");
    eventually().until(() -> browser.segmentsOfFirstRow() == all);

    browser.one("body").sendKeys(Keys.DELETE);
    eventually().until(() -> browser.segmentsOfFirstRow() == all - 1);
    browser.one("body").sendKeys("z");
    eventually().until(() -> browser.segmentsOfFirstRow() == all);

    browser.one("body").sendKeys(Keys.DELETE);
    eventually().until(() -> browser.segmentsOfFirstRow() == all - 1);
    browser.one("[data-testid=trash-open]").sendKeys(Keys.ENTER);
    eventually().until(() -> rows().size() == 1);
    assertThat(rows().get(0).getText()).contains("Goes for good in 7 days");
    browser.screenshot("trash", "light", 1440, 900);
    browser.one("[data-testid=restore]").sendKeys(Keys.ENTER);
    eventually().until(() -> rows().isEmpty() && browser.segmentsOfFirstRow() == all);
    browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
    eventually().until(() -> !browser.shows("[data-testid=trash]"));

    browser.one("body").sendKeys(Keys.DELETE);
    eventually().until(() -> browser.segmentsOfFirstRow() == all - 1);
    browser.click("[data-testid=trash-open]");
    browser.click("[data-testid=purge]");
    eventually().until(() -> browser.shows("[data-testid=ask]"));
    browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER); // the focus is on "Cancel"
    eventually().until(() -> browser.all("[data-testid=ask]").isEmpty());
    assertThat(rows()).hasSize(1);
    browser.click("[data-testid=purge]");
    browser.click("[data-testid=ask-yes]");
    eventually().until(() -> rows().isEmpty());
    assertThat(videos(footage)).hasSize((int) all - 1);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void theTrashIsEmptiedOfWhatItShows() throws Exception {
    long all = browser.segmentsOfFirstRow();
    for (int i = 1; i <= 2; i++) {
      long left = all - i;
      browser.one("[data-testid=timeline-strip]").sendKeys(Keys.END, Keys.ENTER);
      eventually().until(() -> browser.shows("[data-testid=player]"));
      browser.click("[data-testid=delete-button]");
      eventually().until(() -> browser.segmentsOfFirstRow() == left);
    }
    browser.click("[data-testid=trash-open]");
    eventually().until(() -> rows().size() == 2);
    browser.click("[data-testid=empty-trash]");
    browser.click("[data-testid=ask-yes]");
    eventually().until(() -> rows().isEmpty());
    assertThat(videos(footage)).hasSize((int) all - 2);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void savedFootageIsNotDeletedButByWhoUnsavesIt() {
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.END, Keys.ENTER);
    browser.click("[data-testid=save-button]");
    eventually().until(() -> !browser.one("[data-testid=delete-button]").isEnabled());
    browser.click("[data-testid=save-button]");
    eventually().until(() -> browser.one("[data-testid=delete-button]").isEnabled());
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void damagedAndRecoveredFootageIsMarkedInASentence() throws Exception {
    Path victim = videos(footage).get(0);
    byte[] bytes = Files.readAllBytes(victim);
    bytes[bytes.length * 3 / 4] ^= 0x10;
    Files.write(victim, bytes);

    eventually().until(() -> browser.shows("[data-testid=trouble][data-kind=damage]"));
    browser.click("[data-testid=trouble][data-kind=damage] button");
    eventually().until(() -> rows().size() == 1);
    assertThat(rows().get(0).getText()).contains("Its bytes changed on the master’s disk.");
    browser.click("[data-testid=segment-row] button");
    eventually()
        .until(
            () -> browser.one("[data-testid=player-notes] [data-kind=damaged]").getText(),
            text -> text.contains("will be asked to send it again"));
    browser.screenshot("damaged", "dark", 1440, 900);

    eventually().until(() -> browser.shows(".legend [data-kind=damaged]"));
    String recoveredId = closedBy("recovered");
    browser.driver().get(master.url() + "#segment=" + recoveredId);
    browser.driver().navigate().refresh();
    eventually()
        .until(
            () -> browser.one("[data-testid=player-notes] [data-kind=recovered]").getText(),
            text -> text.startsWith("Recovered: "));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void troublesStandOnTopUntilTheyAreOver() throws Exception {
    assertThat(browser.shows("[data-testid=troubles]")).isFalse();
    clock.ahead = Duration.ofDays(10);
    eventually().until(() -> browser.shows("[data-testid=trouble][data-kind=clock]"));
    String told = browser.one("[data-testid=trouble][data-kind=clock]").getText();
    assertThat(told).contains("The master’s clock is in doubt", "since", "10 days ahead of");
    browser.screenshot("trouble", "light", 390, 844);
    assertThat(browser.scrollsSideways()).isFalse();
    browser.click("[data-testid=trouble][data-kind=clock] button");
    eventually().until(() -> !browser.shows("[data-testid=troubles]"));

    Path elsewhere = folder.resolve("unplugged");
    Files.move(footage, elsewhere);
    eventually().until(() -> browser.shows("[data-testid=trouble][data-kind=footage-away]"));
    Files.move(elsewhere, footage);
    eventually().until(() -> !browser.shows("[data-testid=troubles]"));
  }

  @Test
  void storageSaysWhatIsUsedByWhomHowFarBackItGoesAndWhatGoesNext() throws Exception {
    assertThat(browser.one("[data-testid=storage-open]").getAccessibleName())
        .contains(browser.one(".storage-text").getText());
    browser.one("[data-testid=storage-open]").sendKeys(Keys.ENTER);
    eventually().until(() -> browser.shows("[data-testid=usage-row][data-camera=front-door]"));
    String said = browser.one("[data-testid=storage-sheet]").getText();
    assertThat(said).contains("Footage goes back to today", "Next to go: front-door’s footage");
    assertThat(said).contains("30 days; with motion 90 days");
    browser.screenshot("storage", "dark", 390, 844);
    assertThat(browser.scrollsSideways()).isFalse();
    assertThat(browser.complaints()).isEmpty();
  }

  private List<WebElement> rows() {
    return browser.all("dialog[open] [data-testid=segment-row]");
  }

  /** The id of a segment that was closed for this reason. */
  private String closedBy(String reason) throws IOException {
    try (Stream<Path> files = Files.walk(footage)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        String manifest = Files.readString(file);
        if (manifest.matches("(?s).*\"closed\"\\s*:\\s*\"" + reason + "\".*")) {
          return manifest.replaceAll("(?s).*?\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
        }
      }
    }
    throw new AssertionError("no segment is " + reason);
  }

  private static List<Path> videos(Path footage) throws IOException {
    try (Stream<Path> files = Files.walk(footage)) {
      return files.filter(f -> f.toString().endsWith(".mp4")).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
