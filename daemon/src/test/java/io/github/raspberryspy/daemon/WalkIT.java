package io.github.raspberryspy.daemon;

import static io.github.raspberryspy.daemon.Browser.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.github.raspberryspy.camera.source.TestPatternReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;

/**
 * The way of an owner from the first start to the day on which a camera is destroyed: real
 * processes, TLS, and a real browser. What each step looks like goes to {@code
 * -Draspberryspy.screenshots=DIR}.
 */
class WalkIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final List<String> NAMES =
      List.of("door", "garden", "yard", "garage", "attic", "cellar", "gate", "porch");

  /** Bytes that came over the network for the page that is shown, pictures and answers too. */
  private static final String TRANSFERRED =
      """
      const of = (type) => performance.getEntriesByType(type);
      return [...of('navigation'), ...of('resource')].reduce((sum, e) => sum + e.transferSize, 0);
      """;

  /** Brightness of each pixel of a live picture, with its width and height. */
  private static final String PIXELS =
      """
      const video = document.querySelector(arguments[0]);
      const canvas = document.createElement('canvas');
      const [width, height] = [video.videoWidth, video.videoHeight];
      Object.assign(canvas, { width, height });
      const context = canvas.getContext('2d');
      context.drawImage(video, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      let luma = '';
      for (let i = 0; i < data.length; i += 4) luma += String.fromCharCode(data[i + 1]);
      return [btoa(luma), width, height];
      """;

  @TempDir Path folder;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<String, Program> cameras = new TreeMap<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private Axe axe;
  private Browser browser;
  private String steps;
  private int step;

  @BeforeEach
  void needWhatItTakes() throws Exception {
    Tools.need("chromium", "chromedriver", "ffprobe");
    axe = Axe.load();
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @ParameterizedTest(name = "{0} cameras")
  @ValueSource(ints = {2, 8})
  void anOwnerSetsUpSeesKeepsAndIsToldOfACameraThatIsDestroyed(int count) throws Exception {
    steps = "walk-" + count + "/";
    List<String> names = NAMES.subList(0, count);
    firstStart();
    for (String name : names) {
      pair(name, count > 2 ? "320x240&fps=10" : "1280x720&fps=15");
    }
    seeThemLive(names);
    drawAZone();
    playAndKeepWhatMoved();
    takeItElsewhere();
    destroy(names);
    assertThat(browser.complaints())
        .filteredOn(
            complaint -> !complaint.matches(".*/poster\\.jpg .* 404 .*")) // cut off too early
        .isEmpty();
  }

  private void firstStart() throws Exception {
    HttpServer hook =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hook.createContext(
        "/",
        exchange -> {
          told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    hook.start();
    open.push(() -> hook.stop(0));
    Path config =
        Files.writeString(
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
            alerts:
              webhook-url: http://127.0.0.1:%d/
            """
                .formatted(
                    folder.resolve("footage"), Tools.freePort(), hook.getAddress().getPort()));
    Program master = Program.start(folder, "master", "--config", config.toString());
    open.push(master);
    String link = master.awaitLine("#token=").replaceAll(".* (https:)", "$1");
    browser = Browser.open();
    open.push(browser);
    browser.saveInto(folder.resolve("saved"));
    browser.driver().get(link);
    eventually().until(() -> browser.shows("[data-testid=welcome-form]"));
    look("welcome");
    browser.one(".door-form [name=name]").sendKeys("Ada");
    browser.one(".door-form [name=password]").sendKeys("seven wet herons");
    browser.click(".door-form [type=submit]");
    eventually().until(() -> browser.shows("[data-testid=add-camera]"));
    assertThat(((Number) browser.driver().executeScript(TRANSFERRED)).longValue())
        .as("bytes of the first view")
        .isBetween(10_000L, 200_000L);
    look("empty");
  }

  private void pair(String name, String picture) throws Exception {
    browser.click("[data-testid=add-camera]");
    eventually().until(() -> browser.shows("[data-testid=pair-name]"));
    browser.one("[data-testid=pair-name]").sendKeys(name);
    browser.click("[data-testid=pair-code]");
    eventually().until(() -> browser.shows("[data-testid=pair-command]"));
    if (cameras.isEmpty()) {
      look("code");
    }
    String code = browser.one("[data-testid=pair-command]").getText().split("\\s+", -1)[2];
    Path config =
        Files.writeString(
            folder.resolve(name + ".yml"),
            """
            camera:
              name: %s
              source: "test://?size=%s&objects=1&seed=%d"
            spool:
              folder: %s
            record:
              segment: 8s
            """
                .formatted(name, picture, cameras.size() + 1, folder.resolve("spool")));
    Program.Result paired = Program.run(folder, LIMIT, "pair", code, "--config", config.toString());
    assertThat(paired.exit()).as("%s", paired).isZero();
    eventually().until(() -> browser.shows("[data-testid=paired]"));
    browser.click("[data-testid=pair-done]");
    Program camera = Program.start(folder, "camera", "--config", config.toString());
    open.push(camera);
    cameras.put(name, camera);
  }

  private void seeThemLive(List<String> names) throws Exception {
    for (String name : names) {
      String card = "[data-testid=camera-card][data-camera=" + name + "]";
      eventually().until(() -> browser.shows(card + "[data-live=true]"));
      String video = card + " [data-testid=live-video]";
      long[] seen = new long[2];
      eventually().until(() -> (seen[0] = timeCode(video).orElse(-1)) >= 0);
      eventually().until(() -> (seen[1] = timeCode(video).orElse(-1)) > seen[0]);
    }
    look("live");
  }

  /** The number that a camera of the test pattern wrote into the picture that is shown now. */
  private OptionalLong timeCode(String video) {
    List<?> pixels = (List<?>) browser.driver().executeScript(PIXELS, video);
    int width = ((Number) pixels.get(1)).intValue();
    ByteBuffer luma = ByteBuffer.wrap(Base64.getDecoder().decode((String) pixels.get(0)));
    return TestPatternReader.frameNumber(luma, width, width, ((Number) pixels.get(2)).intValue());
  }

  private void drawAZone() throws Exception {
    browser.click("[data-testid=camera-control]");
    browser.click("[data-key='motion.zones'] [data-testid=zone-draw]");
    browser.drawSquare("[data-key='motion.zones'] .zones-canvas", 3);
    eventually().until(() -> browser.all("[data-key='motion.zones'] .zones-list li").size() == 1);
    browser.click("[data-testid=settings-apply]");
    eventually()
        .until(
            () ->
                browser
                    .one("[data-testid=settings-word]")
                    .getAttribute("data-state")
                    .equals("applied"));
    look("zone");
    browser.one("body").sendKeys(Keys.ESCAPE);
  }

  private void playAndKeepWhatMoved() throws Exception {
    eventually().until(() -> browser.shows("[data-testid=event-row]"));
    look("motion");
    browser.click("[data-testid=event-row]");
    eventually()
        .until(
            () ->
                (Boolean)
                    browser
                        .driver()
                        .executeScript(
                            "return document.querySelector('[data-testid=player-video]')"
                                + ".currentTime > 0.5"));
    browser.click("[data-testid=save-button]");
    eventually()
        .until(
            () ->
                "true"
                    .equals(browser.one("[data-testid=save-button]").getAttribute("aria-pressed")));
    look("player");
    browser.one("body").sendKeys(Keys.ESCAPE);
  }

  private void takeItElsewhere() throws Exception {
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.HOME, "i", Keys.END, "o");
    browser.click("[data-testid=export-open]");
    eventually().until(() -> browser.one("[data-testid=export-facts]").getText().contains("Size"));
    browser.click("[data-testid=export-save]");
    eventually()
        .until(() -> browser.one("[data-testid=export-said]").getText().startsWith("Saved: "));
    look("export");
    browser.one("[data-testid=export]").sendKeys(Keys.ESCAPE);
    eventually().until(() -> !Browser.saved(folder.resolve("saved")).isEmpty());
    String file = Browser.saved(folder.resolve("saved")).get(0).toString();
    assertThat(Program.tool("ffprobe", "-v", "error", "-count_frames", file)).isEmpty();
  }

  private void destroy(List<String> names) throws Exception {
    String victim = names.get(0);
    told.clear();
    eventually().until(() -> browser.shows("[data-camera='" + victim + "'][data-live=true]"));
    cameras.get(victim).kill();
    String incident = "[data-testid=trouble][data-kind=incident]";
    eventually().until(() -> browser.shows(incident));
    String others = names.size() == 2 ? "Garden sends what it films." : "send what they film.";
    eventually().until(() -> browser.one(incident).getText().contains(others));
    assertThat(browser.one(incident).getText()).contains(victim + " is not heard");
    await().atMost(LIMIT).until(() -> told.stream().anyMatch(alert -> alert.contains(victim)));
    assertThat(browser.shows("[data-testid=camera-card][data-state=lost] [data-testid=live-last]"))
        .isTrue();
    look("incident");
    for (String name : names.subList(1, names.size())) {
      Program camera = cameras.get(name);
      assertThat(camera.isAlive()).isTrue();
      assertThat(camera.err()).noneMatch(line -> line.contains("dropped"));
    }
  }

  /** What the page looks like now, light and dark, wide and on a phone; and what axe says of it. */
  private void look(String what) throws Exception {
    String name = steps + String.format("%02d-", ++step) + what;
    for (String scheme : List.of("light", "dark")) {
      browser.screenshot(name + "-" + scheme, scheme, 1440, 900);
      assertThat(axe.complaints(browser)).as("%s, %s", what, scheme).isEmpty();
    }
    browser.screenshot(name + "-phone", "light", 390, 844);
    assertThat(browser.scrollsSideways()).as("%s on a phone", what).isFalse();
    browser.screenshot(name + "-phone-dark", "dark", 390, 844);
    browser.driver().manage().window().setSize(new Dimension(1440, 900));
  }
}
