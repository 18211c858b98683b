package io.github.raspberryspy.daemon;

import static io.github.raspberryspy.daemon.Browser.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page in a real browser, over a real demo. */
class PageIT {

  /** Holds the first answer back until the master has one more segment, and all live motion. */
  private static final String LATE =
      """
      const fetchNow = window.fetch;
      const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
      let held = false;
      window.fetch = async (input, init) => {
        const answer = await fetchNow(input, init);
        if (held || !String(input).includes('/segments?')) return answer;
        held = true;
        const text = await answer.text();
        const total = async () => (await (await fetchNow(String(input))).json()).total;
        while (await total() <= JSON.parse(text).total) await pause();
        window.loadedAt = Date.now();
        return new Response(text, { status: answer.status, headers: answer.headers });
      };
      window.WebSocket = class extends WebSocket {
        set onmessage(listener) {
          super.onmessage = (m) => JSON.parse(m.data).type === 'motion' || listener(m);
        }
      };
      """;

  /** Whether segments and motion of the master are on the page, motion after its load too. */
  private static final String SHOWS_ALL =
      """
      const done = arguments[arguments.length - 1];
      (async () => {
        const { state } = await import(new URL('js/store.js', document.baseURI));
        const { from, to } = state.day;
        const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
        const ask = async (what) => (await fetch(`api/v1/${what}?${span}`)).json();
        const { total } = await ask('segments');
        const motion = (await ask('events')).filter((e) => e.segment);
        const isListed = (e) =>
          state.events.some((known) =>
            known.type === 'motion' && known.camera === e.camera &&
            known.t0 <= Date.parse(e.start) && known.t1 >= Date.parse(e.end));
        return state.link.status === 'live' && state.footage.byId.size === total &&
          motion.some((e) => Date.parse(e.start) > window.loadedAt) && motion.every(isListed);
      })().then(done, (error) => done(String(error)));
      """;

  /**
   * Puts six more cameras on the wall and takes them away again; of how many pictures, before and
   * with them, nothing is cut off, or a little below.
   */
  private static final String WALL_OF_EIGHT =
      """
      const done = arguments[arguments.length - 1];
      const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      (async () => {
        const { state, putCameras } = await import(new URL('js/store.js', document.baseURI));
        const isWhole = (card) => {
          const { width, height } = card.querySelector('.card-picture').getBoundingClientRect();
          const crop = height / width / (9 / 16);
          return width >= 180 && crop > 0.94 && crop < 1.01 && card.clientHeight >= Math.floor(height);
        };
        const whole = () => [...document.querySelectorAll('.card')].filter(isWhole).length;
        const real = [...state.cameras.values()];
        const before = whole();
        const more = Array.from({ length: 6 }, (_, i) => ({ ...real[0], id: `c${i}`, state: 'lost' }));
        putCameras([...real, ...more]);
        await drawn();
        const during = whole();
        putCameras(real.slice(1)); // one that is live goes
        putCameras(real);
        await drawn();
        return `${before} ${during}`;
      })().then(done, (error) => done(String(error)));
      """;

  /** Motion in one zone that goes on in another: by which zones it is listed as one. */
  private static final String MOTION_OVER_TWO_ZONES =
      """
      const done = arguments[arguments.length - 1];
      (async () => {
        const { emit, state } = await import(new URL('js/store.js', document.baseURI));
        const { matchesEvent } = await import(new URL('js/filter.js', document.baseURI));
        const at = (seconds) => new Date(state.day.from + seconds * 1000).toISOString();
        const said = { camera: 'nobody', score: 0.5, ended: true };
        emit('motion', { ...said, start: at(0), end: at(5), zones: ['Gate'] });
        emit('motion', { ...said, start: at(5), end: at(9), zones: ['Path'] });
        const found = (zone) => {
          state.filter.zone = zone;
          return state.events.filter((e) => e.camera === 'nobody' && matchesEvent(e)).length;
        };
        return ['Gate', 'Path', 'Roof', ''].map(found).join(' ');
      })().then(done, (error) => done(String(error)));
      """;

  /** The hours below a day of 23 hours, and below one of 25. */
  private static final String HOURS_OF_ODD_DAYS =
      """
      const done = arguments[arguments.length - 1];
      import(new URL('js/timeline-view.js', document.baseURI)).then(({ TimelineView }) =>
        done([[2026, 2, 29], [2026, 9, 25]].map(([year, month, day]) => {
          const [from, to] = [day, day + 1].map((d) => new Date(year, month, d).getTime());
          const { ticks } = new TimelineView(from, to).ticks(1000, 100);
          return `${(to - from) / 3600000}: ${ticks.map((t) => new Date(t).getHours())}`;
        })));
      """;

  /**
   * How many events of a camera that does not exist last on the page: it tells of two and of no
   * end, then of that of the second, of a third one, and that nothing moves; and then moves again.
   */
  private static final String OPEN_MOTION =
      """
      const done = arguments[arguments.length - 1];
      (async () => {
        const { state, emit, putCamera, putCameras } =
          await import(new URL('js/store.js', document.baseURI));
        const real = [...state.cameras.values()];
        const say = (motion) => putCamera({ ...real[0], id: 'c', name: 'c', motion });
        const now = Date.now();
        const at = (seconds) => new Date(now - seconds * 1000).toISOString();
        const tell = (from, to, ended) =>
          emit('motion', { camera: 'c', start: at(from), end: at(to), ended, score: 0.5, zones: [] });
        const counts = [];
        const look = () =>
          counts.push(document.querySelectorAll('.event[data-camera=c][data-open=true]').length);
        say(false);
        tell(60, 58, false);
        tell(9, 8, false);
        look();
        tell(9.001, 7, true);
        look();
        tell(4, 3, false);
        look();
        say(false);
        look();
        say(true);
        look();
        const all = document.querySelectorAll('.event[data-camera=c]').length;
        putCameras(real);
        return `${counts} of ${all}`;
      })().then(done, (error) => done(String(error)));
      """;

  @TempDir Path folder;

  private Program demo;
  private URI signIn;
  private Browser browser;

  @BeforeEach
  void startDemoAndBrowser() {
    Tools.need("chromium", "chromedriver");
    demo = Program.demo(folder, "--cameras", "2", "--segment", "5s", "--audio", "test:");
    signIn = demo.signInLink();
    browser = Browser.open();
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

  private void timeZone(String name) {
    browser.driver().executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", name));
  }

  @Test
  void aPersonSignsInSeesTheCamerasRecordPlaysASegmentAndSavesIt() throws Exception {
    browser.driver().get(signIn.resolve("/").toString());
    assertThat(browser.driver().getPageSource()).doesNotContain("camera-card");

    browser.driver().get(signIn.toString());
    eventually()
        .until(() -> browser.all("[data-testid=camera-card][data-state=recording]").size() == 2);
    eventually().until(() -> browser.segmentsOfFirstRow() >= 3);
    timeZone("Europe/Zurich");
    assertThat(browser.scripts().executeAsyncScript(HOURS_OF_ODD_DAYS))
        .isEqualTo(List.of("23: 0,3,6,9,12,15,18,21,0", "25: 0,3,6,9,12,15,18,21,0"));
    timeZone("");
    browser.screenshot("wall-small", "light", 1280, 800);
    assertThat(browser.scripts().executeAsyncScript(WALL_OF_EIGHT)).isEqualTo("2 8");
    browser.screenshot("wall", "dark", 1440, 900);

    whatIsBeingFilmedIsSentAndPlayed();
    browser.one("body").sendKeys(Keys.ESCAPE);

    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.END, Keys.ENTER);
    eventually()
        .until(
            () -> "true".equals(browser.one("[data-testid=player]").getAttribute("data-playing")));
    eventually().until(() -> currentTime() > 0.5);
    browser.screenshot("player", "light", 1440, 900);

    assertThat(isMuted()).isTrue();
    browser.one("[data-testid=sound-button]").click();
    eventually().until(() -> !isMuted() && decodedSoundBytes() > 0);

    browser.one(".button-play").click(); // else it goes on to the next segment meanwhile
    eventually()
        .until(
            () -> "false".equals(browser.one("[data-testid=player]").getAttribute("data-playing")));
    WebElement save = browser.one("[data-testid=save-button]");
    assertThat(save.getAttribute("aria-pressed")).isEqualTo("false");
    save.click();
    eventually()
        .until(
            () ->
                "true"
                    .equals(browser.one("[data-testid=save-button]").getAttribute("aria-pressed")));
    eventually().until(() -> savedMarkers() == 1);
    browser.one("[data-testid=save-button]").click();
    eventually().until(() -> savedMarkers() == 0);

    browser.driver().navigate().back(); // as on a phone
    eventually().until(() -> "wall".equals(browser.one("html").getAttribute("data-view")));
    assertThat(browser.driver().getCurrentUrl()).isEqualTo(signIn.resolve("/").toString());
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.END, Keys.ENTER);
    eventually().until(() -> "player".equals(browser.one("html").getAttribute("data-view")));
    browser.one("body").sendKeys(Keys.ESCAPE);
    eventually().until(() -> "wall".equals(browser.one("html").getAttribute("data-view")));

    browser.screenshot("phone", "dark", 390, 844);
    assertThat(browser.scrollsSideways()).isFalse();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void thePageSaysThatTheMasterIsGoneAndComesBackWithIt() throws Exception {
    browser.driver().get(signIn.toString());
    eventually()
        .until(() -> browser.all("[data-testid=camera-card][data-state=recording]").size() == 2);
    eventually().until(() -> browser.one("body").getText().contains("Both cameras are recording"));
    eventually().until(() -> "live".equals(link("status")));

    signal("STOP");
    long silent = System.currentTimeMillis();
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> "down".equals(browser.one("html").getAttribute("data-link")));
    assertThat(((Number) link("since")).longValue()).isBetween(silent - 5000, silent + 1000);
    nothingLooksHealthy();
    browser.screenshot("silent", "light", 1440, 900);
    signal("CONT");
    eventually().until(() -> "live".equals(link("status")));

    demo.kill();
    eventually().until(() -> "down".equals(browser.one("html").getAttribute("data-link")));
    nothingLooksHealthy();
  }

  private void nothingLooksHealthy() {
    assertThat(browser.one("body").getText())
        .doesNotContain("Both cameras are recording", "Motion now");
    assertThat(browser.all(".dot[data-state=recording]")).noneMatch(WebElement::isDisplayed);
  }

  private void signal(String name) throws Exception {
    Program.tool("kill", "-" + name, Long.toString(demo.pid()));
  }

  private Object link(String what) {
    return browser
        .scripts()
        .executeAsyncScript(
            "const [what, done] = arguments;"
                + "import(new URL('js/store.js', document.baseURI))"
                + ".then(({ state }) => done(state.link[what]))",
            what);
  }

  @Test
  void whatComesWhileThePageLoadsIsOnIt() {
    browser
        .driver()
        .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", LATE));
    browser.driver().get(signIn.toString());
    eventually().until(() -> browser.driver().executeAsyncScript(SHOWS_ALL), Boolean.TRUE::equals);
    assertThat(browser.driver().executeAsyncScript(MOTION_OVER_TWO_ZONES)).isEqualTo("1 1 0 1");
    assertThat(browser.scripts().executeAsyncScript(OPEN_MOTION)).isEqualTo("1,0,1,0,0 of 3");
  }

  private void whatIsBeingFilmedIsSentAndPlayed() {
    WebElement strip = browser.one("[data-testid=timeline-strip]");
    int half = strip.getSize().getWidth() / 2;
    int[] at = {0};
    eventually()
        .until(
            () -> {
              at[0] = (at[0] + 3) % half; // this moment is somewhere
              new Actions(browser.driver()).moveToElement(strip, half - 2 - at[0], 0).perform();
              return browser.one(".tooltip").getText().contains("Being filmed");
            });
    new Actions(browser.driver()).click().perform();
    eventually()
        .until(
            () -> "true".equals(browser.one("[data-testid=player]").getAttribute("data-playing")));
  }

  private double currentTime() {
    Object time =
        browser
            .driver()
            .executeScript(
                "return document.querySelector('[data-testid=player-video]').currentTime");
    return time instanceof Number n ? n.doubleValue() : 0;
  }

  private boolean isMuted() {
    return (Boolean)
        browser
            .driver()
            .executeScript("return document.querySelector('[data-testid=player-video]').muted");
  }

  /** What this browser has decoded of the sound, which it counts whether there is a card or not. */
  private long decodedSoundBytes() {
    Object bytes =
        browser
            .driver()
            .executeScript(
                "return document.querySelector('[data-testid=player-video]')"
                    + ".webkitAudioDecodedByteCount");
    return bytes instanceof Number n ? n.longValue() : 0;
  }

  private long savedMarkers() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("demo/footage"))) {
      return files.filter(f -> f.toString().endsWith(".saved")).count();
    }
  }
}
