package io.github.raspberryspy.daemon;

import static io.github.raspberryspy.daemon.Browser.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.LuminanceSource;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;

/** A master with TLS and a camera that is paired with it, as their owner runs them. */
class PairIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir Path folder;
  @TempDir Path logs;

  @Test
  void aPairedCameraRecordsToItsMasterAndListensOnNothing() throws Exception {
    Tools.need("ss");
    Path footage = folder.resolve("footage");
    Path spool = folder.resolve("spool");
    Path masterYml = masterYml(footage, Tools.freePort());
    Path cameraYml = cameraYml(spool);
    try (Program master = Program.start(logs, "master", "--config", masterYml.toString())) {
      master.awaitLine("Set your name and password: https://");
      String code = ok("master", "--config", masterYml.toString(), "--pair").out().get(0);
      ok("pair", code, "--config", cameraYml.toString());
      Path pairing = spool.resolve("front.pairing");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pairing)))
          .isEqualTo("rw-------");
      Program.Result again =
          Program.run(
              logs, LIMIT, "pair", code, "--config", cameraYml.toString(), "--name", "back");
      assertThat(again.exit()).isEqualTo(1);
      assertThat(again.err())
          .containsExactly(
              "raspberryspy: the master refuses: this code was used: have the master make another one");
      try (Program camera = Program.start(logs, "camera", "--config", cameraYml.toString())) {
        Awaitility.await().atMost(LIMIT).until(() -> camera.isAlive() && gone(footage, spool) >= 3);
        assertThat(listening(camera)).isEmpty();
        assertThat(listening(master)).hasSize(1);
        camera.terminate();
        camera.await(LIMIT);
        String logs = String.join("\n", camera.out()) + camera.err() + master.out() + master.err();
        assertThat(logs).contains("the master listens on port");
        assertThat(logs).doesNotContain(secretOf(pairing), valueOf(pairing, "key"), code);
        for (String secret : List.of("master.secret", "master.key")) {
          assertThat(
                  Files.readAllLines(footage.resolve(".raspberryspy").resolve(secret)).stream()
                      .filter(line -> line.length() > 20 && !line.startsWith("-----")))
              .isNotEmpty()
              .noneMatch(logs::contains);
        }
      }
    }
  }

  @Test
  void anOwnerAddsACameraOnThePageAndUnpairsIt() throws Exception {
    Tools.need("chromium", "chromedriver");
    Path masterYml = masterYml(folder.resolve("footage"), Tools.freePort());
    Path cameraYml = cameraYml(folder.resolve("spool"));
    String config = masterYml.toString();
    try (Program master = Program.start(logs, "master", "--json", "--config", config);
        Browser browser = Browser.open()) {
      browser.driver().get(master.signInLink().toString());
      eventually().until(() -> browser.shows(".empty-demo"));
      assertThat(browser.one(".empty h2").getText()).isEqualTo("No camera yet");
      browser.click(".empty .button");
      eventually().until(() -> browser.shows("[data-testid=pair-name]"));
      browser.screenshot("pair-name", "light", 1440, 900);
      browser.one("[data-testid=pair-name]").sendKeys("front");
      browser.click("[data-testid=pair-code]");
      eventually().until(() -> browser.shows("[data-testid=pair-command]"));
      browser.screenshot("pair-code", "light", 1440, 900);
      browser.screenshot("pair-code-phone", "dark", 390, 844);
      assertThat(browser.scrollsSideways()).isFalse();
      String[] command = browser.one("[data-testid=pair-command]").getText().split("\\s+");
      assertThat(command).startsWith("raspberryspy", "pair").endsWith("--config", "camera.yml");
      assertThat(read(browser.one(".pair-picture").getScreenshotAs(OutputType.BYTES)))
          .isEqualTo(command[2]);
      ok("pair", command[2], "--config", cameraYml.toString());
      eventually().until(() -> browser.shows("[data-testid=paired]"));
      browser.screenshot("paired", "dark", 1440, 900);
      try (Program camera = Program.start(logs, "camera", "--config", cameraYml.toString())) {
        eventually()
            .until(() -> browser.one("[data-testid=paired]").getText().contains("front is here."));
        browser.screenshot("paired-here-phone", "light", 390, 844);
        browser.click("[data-testid=pair-done]");
        browser.click("[data-testid=people-open]");
        eventually().until(() -> browser.shows("[data-testid=unpair]"));
        browser.screenshot("paired-cameras", "light", 1440, 900);
        Path spool = folder.resolve("spool");
        Awaitility.await().atMost(LIMIT).until(() -> gone(folder.resolve("footage"), spool) >= 1);
        browser.click("[data-testid=unpair]");
        browser.click("[data-testid=ask-yes]");
        eventually().until(() -> browser.all("[data-testid=unpair]").isEmpty());
        assertThat(camera.isAlive()).isTrue(); // it films on, for when it is paired again
        browser.one("[data-testid=people]").sendKeys(Keys.ESCAPE);
        eventually().until(() -> browser.shows("[data-testid=camera-card][data-state=unpaired]"));
        assertThat(browser.shows("[data-testid=camera-card] [data-testid=live-last]")).isTrue();
        browser.screenshot("unpaired", "light", 1440, 900);
        browser.click("[data-testid=camera-control]");
        eventually().until(() -> browser.shows("[data-testid=camera-remove]"));
        browser.screenshot("remove", "dark", 390, 844);
        tellStopped(browser, 0);
        eventually().until(() -> !browser.shows("[data-testid=camera-remove]"));
        tellStopped(browser, 11); // one of an older version that was ended: it said no goodbye
        eventually().until(() -> browser.shows("[data-testid=camera-remove]"));
        browser.click("[data-testid=camera-remove]");
        browser.click("[data-testid=ask-yes]");
        eventually().until(() -> browser.all("[data-testid=camera-card]").isEmpty());
        eventually().until(() -> browser.shows("[data-testid=timeline-row]")); // of its footage
        browser.driver().navigate().refresh();
        eventually().until(() -> browser.shows("[data-testid=timeline-row]"));
        assertThat(browser.all("[data-testid=camera-card]")).isEmpty();
        assertThat(browser.one(".empty").getText())
            .startsWith("No camera now")
            .contains("What was filmed before is on the timeline.")
            .doesNotContain("demo");
        browser.screenshot("removed", "dark", 1440, 900);
        browser.screenshot("removed-phone", "light", 390, 844);
      }
      assertThat(browser.complaints()).isEmpty();
      String session = browser.driver().manage().getCookies().iterator().next().getValue();
      assertThat(session).hasSizeGreaterThan(20);
      assertThat(String.join("\n", master.err())).doesNotContain(session, command[2]);
      master.terminate();
      assertThat(master.await(LIMIT).err().toString()).doesNotContain(session, "token=");
    }
  }

  /** Has the page believe that its camera is stopped, and was heard so many seconds ago. */
  private static void tellStopped(Browser browser, int secondsAgo) {
    browser
        .driver()
        .executeAsyncScript(
            """
            const [seconds, done] = arguments;
            import(new URL('js/store.js', document.baseURI)).then(({ putCamera }) => {
              const lastHeartbeat = new Date(Date.now() - seconds * 1000).toISOString();
              putCamera({ id: 'front', state: 'stopped', lastHeartbeat });
              done();
            });
            """,
            secondsAgo);
  }

  private static String read(byte[] png) throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    LuminanceSource light = new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels);
    return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(light))).getText();
  }

  private Program.Result ok(String... args) throws InterruptedException {
    Program.Result result = Program.run(logs, LIMIT, args);
    assertThat(result.exit()).as(String.valueOf(result)).isZero();
    return result;
  }

  private static String valueOf(Path pairing, String name) throws IOException {
    return Files.readAllLines(pairing).stream()
        .filter(line -> line.contains("\"" + name + "\""))
        .map(line -> line.replaceAll("^[^:]*: *\"|\".*$", ""))
        .findFirst()
        .orElseThrow();
  }

  /** The credential's secret part. */
  private static String secretOf(Path pairing) throws IOException {
    return Files.readAllLines(pairing).stream()
        .filter(line -> line.contains("\"credential\""))
        .map(line -> line.replaceAll(".*front:|\".*$", ""))
        .findFirst()
        .orElseThrow();
  }

  private Path masterYml(Path footage, int port) throws IOException {
    return Files.writeString(
        folder.resolve("master.yml"),
        """
        footage:
          folder: %s
          id-folder: off
        retention:
          min-free: 0
        listen:
          port: %d
        tls:
          mode: on
        """
            .formatted(footage, port));
  }

  private Path cameraYml(Path spool) throws IOException {
    return Files.writeString(
        folder.resolve("camera.yml"),
        """
        camera:
          name: front
          source: "test://?size=320x240&fps=30"
        spool:
          folder: %s
        record:
          segment: 2s
        """
            .formatted(spool));
  }

  /** How many segments the master has and the camera has no longer. */
  private static long gone(Path footage, Path spool) {
    try (Stream<Path> files = Files.walk(footage.resolve("front"))) {
      return files
          .filter(file -> file.toString().endsWith(".mp4"))
          .filter(file -> !Files.exists(spool.resolve(footage.relativize(file))))
          .count();
    } catch (IOException e) {
      return 0; // nothing has come yet
    }
  }

  /** The sockets on which a program listens, as {@code ss -ltnp} says. */
  private static List<String> listening(Program program) throws Exception {
    return Program.tool("ss", "-ltnpH")
        .lines()
        .filter(line -> line.contains("pid=" + program.pid() + ","))
        .toList();
  }
}
