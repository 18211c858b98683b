package io.github.raspberryspy.daemon;

import static io.github.raspberryspy.daemon.Browser.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live pictures in a real browser, over a real demo. */
class LiveIT {

  /**
   * How old 150 pictures are when they are shown, in ms: by their media time, whose beginning the
   * stream names in wall time.
   */
  private static final String AGES =
      """
      const done = arguments[arguments.length - 1];
      const video = document.querySelector('[data-testid=live-video]');
      const ages = [];
      const look = (now, { mediaTime, expectedDisplayTime }) => {
        const shown = performance.timeOrigin + expectedDisplayTime;
        ages.push(shown - (window.liveStart + mediaTime * 1000));
        if (ages.length < 150) video.requestVideoFrameCallback(look);
        else done(ages.sort((a, b) => a - b));
      };
      video.requestVideoFrameCallback(look);
      """;

  /** Asks for a picture of now: its size in pixels, and how old it was when it came, in ms. */
  private static final String SNAPSHOT =
      """
      const done = arguments[arguments.length - 1];
      fetch('api/v1/cameras/front-door/snapshot.jpg').then(async (answer) => {
        const age = Date.now() - Date.parse(answer.headers.get('X-Captured-At'));
        const picture = await createImageBitmap(await answer.blob());
        done([picture.width, picture.height, age]);
      }).catch((e) => done([String(e)]));
      """;

  /** Notes when the media time of the first camera's stream began. */
  private static final String NOTE_START =
      """
      window.WebSocket = class extends WebSocket {
        set onmessage(listener) {
          super.onmessage = (m) => {
            if (typeof m.data === 'string' && this.url.endsWith('front-door/live'))
              window.liveStart = Date.parse(JSON.parse(m.data).start);
            listener(m);
          };
        }
      };
      """;

  @TempDir Path folder;

  private Program demo;
  private Browser browser;

  @BeforeEach
  void startDemoAndBrowser() {
    Tools.need("chromium", "chromedriver");
    String at = folder.resolve("demo").toString();
    String small = "test://?size=640x480&fps=30&objects=1";
    demo =
        Program.start(
            folder,
            "demo",
            "--json",
            "--port",
            "0",
            "--source",
            small,
            "--cameras",
            "2",
            "--dir",
            at);
    URI link = demo.signInLink();
    browser = Browser.open();
    browser
        .driver()
        .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", NOTE_START));
    browser.driver().get(link.toString());
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (browser != null) {
      browser.close();
    }
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  void thePageShowsWhatIsFilmedNowAndSaysWhenItDoesNot() throws Exception {
    eventually().until(() -> browser.all("[data-testid=camera-card][data-live=true]").size() == 2);
    browser.screenshot("live", "dark", 1440, 900);
    Object ages = browser.driver().executeAsyncScript(AGES);
    assertThat(ages).isInstanceOf(List.class);
    List<?> sorted = (List<?>) ages;
    System.out.printf(
        "a picture is shown %.0f ms after it was filmed (p50), %.0f ms (p95)%n",
        ((Number) sorted.get(sorted.size() / 2)).doubleValue(),
        ((Number) sorted.get(sorted.size() * 95 / 100)).doubleValue());
    assertThat(((Number) sorted.get(sorted.size() / 2)).doubleValue()).isBetween(0.0, 5000.0);
    List<?> snapshot = (List<?>) browser.driver().executeAsyncScript(SNAPSHOT);
    System.out.printf("a picture of now: %s%n", snapshot);
    assertThat(snapshot.subList(0, 2)).hasToString("[640, 480]");
    assertThat(((Number) snapshot.get(2)).doubleValue()).isBetween(0.0, 10_000.0);
    assertThat(browser.complaints()).isEmpty();

    demo.kill();
    eventually().until(() -> browser.shows(".live-age"));
    assertThat(browser.one(".live-age").getText()).endsWith("old");
    assertThat(browser.all("[data-testid=camera-card][data-live=true]")).isEmpty();
    browser.screenshot("live-stale", "dark", 1440, 900);
  }
}
