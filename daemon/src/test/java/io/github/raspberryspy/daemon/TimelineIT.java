package io.github.raspberryspy.daemon;

import static io.github.raspberryspy.daemon.Browser.eventually;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** What a person does with footage of the past, in a real browser over a real demo. */
class TimelineIT {

  private static final String OFF =
      "return [...document.querySelectorAll('[data-testid=player-tile]')]"
          + ".map((tile) => Number(tile.dataset.offMs ?? 'NaN'))";

  /** Whatever plays, the day on show ends two seconds later, and has no other footage. */
  private static final String MIDNIGHT_IS_NEAR =
      """
      const done = arguments[arguments.length - 1];
      (async () => {
        const { state } = await import(new URL('js/store.js', document.baseURI));
        const { Footage } = await import(new URL('js/footage.js', document.baseURI));
        const to = state.playing.at + 2000;
        state.day = { ...state.day, from: state.day.from - 86_400_000, to };
        state.footage = new Footage();
      })().then(done, (error) => done(String(error)));
      """;

  /**
   * What is on show beside ten more cameras, which have no footage: the page's word, and of whom.
   */
  private static final String AMONG_MANY =
      """
      const done = arguments[arguments.length - 1];
      (async () => {
        const { state, putCameras } = await import(new URL('js/store.js', document.baseURI));
        const real = [...state.cameras.values()];
        const more = Array.from({ length: 10 }, (_, i) => ({ ...real[0], id: `c${i}`, state: 'lost' }));
        putCameras([...more, ...real]);
        const tiles = () => [...document.querySelectorAll('[data-testid=player-tile]')];
        while (tiles().length < 8) await new Promise(requestAnimationFrame);
        const hasReal = tiles().some((tile) => real.some((c) => c.id === tile.dataset.camera));
        const word = document.querySelector('[data-testid=screens-some]').textContent;
        putCameras(real);
        while (tiles().length > 1) await new Promise(requestAnimationFrame);
        return `${word}, ${hasReal}`;
      })().then(done, (error) => done(String(error)));
      """;

  /** What the other's picture says whose segment of that moment is not here yet; and asks of it. */
  private static final String NOT_HERE_YET =
      """
      const done = arguments[arguments.length - 1];
      const at = (path) => import(new URL(`js/${path}.js`, document.baseURI));
      Promise.all([at('store'), at('loader')]).then(async ([{ state }, { retryDay }]) => {
        const { camera, at: t } = state.playing;
        const other = [...state.cameras.keys()].find((id) => id !== camera);
        const late = state.footage.of(other).filter((segment) => segment.t1 > t);
        for (const segment of late) state.footage.remove(segment.id);
        document.querySelector('[data-testid=together]').click();
        const word = document.querySelector('[data-testid=player-tile] .tile-none').textContent;
        await retryDay();
        const asked = performance.getEntriesByType('resource').map((entry) => entry.name);
        return `${word}, ${asked.some((name) => name.endsWith(`cameras/${other}/commands`))}`;
      }).then(done, (error) => done(String(error)));
      """;

  /** So that there is something to choose. */
  private static final String MOTION_IN_A_ZONE =
      """
      const done = arguments[arguments.length - 1];
      import(new URL('js/store.js', document.baseURI)).then(({ emit }) => {
        const at = new Date().toISOString();
        emit('motion', { camera: 'garden', start: at, end: at, ended: true, score: 0.5, zones: ['Gate'] });
        done();
      });
      """;

  /**
   * What a card says of frames that are dropped just now, and whether it does so after two hours.
   */
  private static final String DROPS =
      """
      const done = arguments[arguments.length - 1];
      import(new URL('js/store.js', document.baseURI)).then(({ emit, putCamera }) => {
        const fact = document.querySelector('[data-camera=garden] [data-testid=dropped]');
        putCamera({ id: 'garden', framesDropped: 1000 });
        const word = fact.hidden ? '' : fact.textContent;
        const { now } = Date;
        Date.now = () => now() + 7_200_000;
        emit('camera', 'garden');
        const isNews = !fact.hidden;
        Date.now = now;
        done(`${word}; ${isNews}`);
      });
      """;

  /** More of it than there is room for. */
  private static final String MUCH_MOTION =
      """
      const done = arguments[arguments.length - 1];
      import(new URL('js/store.js', document.baseURI)).then(({ emit, state }) => {
        for (let i = 0; i < 60; i++) {
          const at = new Date(state.day.from + i * 60_000).toISOString();
          emit('motion', { camera: 'garden', start: at, end: at, ended: true, score: 0.5, zones: [] });
        }
        done();
      });
      """;

  /** A camera that is lost ten seconds after its first footage began. */
  private static final String GARDEN_IS_LOST =
      """
      const done = arguments[arguments.length - 1];
      const at = (path) => import(new URL(`js/${path}.js`, document.baseURI));
      Promise.all([at('store'), at('incidents')]).then(([{ state }, { putIncident }]) => {
        const start = new Date(state.footage.of('garden')[0].t0 + 10_000).toISOString();
        const lost = { camera: 'garden', kind: 'lost', since: start, verdict: 'unreachable' };
        putIncident({ id: 'a', start, failures: [lost], others: [] });
        done(start);
      });
      """;

  private static final String FIRST_OF_GARDEN =
      """
      const done = arguments[arguments.length - 1];
      import(new URL('js/store.js', document.baseURI)).then(({ state }) => {
        done(state.footage.of('garden')[0].id);
      });
      """;

  @TempDir Path folder;

  private Program demo;
  private URI signIn;
  private Browser browser;

  @BeforeEach
  void startDemoAndBrowser() {
    Tools.need("chromium", "chromedriver", "ffmpeg");
    demo = Program.demo(folder, "--cameras", "2", "--segment", "5s");
    signIn = demo.signInLink();
    browser = Browser.open();
    browser.saveInto(folder.resolve("saved"));
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
  void footageIsMarkedExportedSharedAnnotatedAndSeenFromAllCamerasAtOnce() throws Exception {
    browser.driver().get(signIn.toString());
    eventually().until(() -> browser.segmentsOfFirstRow() >= 3);
    assertThat(String.valueOf(browser.scripts().executeAsyncScript(DROPS)))
        .matches("1.?000 frames dropped, last [0-9:]+; false");
    theWayToTheTimelineScrollsNothingAway();
    theCalendarClosesBehindWhoLeavesIt();
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.HOME, "i", Keys.END, "o");
    assertThat(browser.shows("[data-testid=range]")).isTrue();
    theMarkedTimesAreTypedByTheClockOfTheAxis();
    whatIsMissingAtAnEndIsNamed();
    aPosterShowsWhereTheMouseIs();

    browser.click("[data-testid=export-open]");
    eventually().until(() -> browser.one("[data-testid=export-facts]").getText().contains("Size"));
    browser.screenshot("export", "light", 1440, 900);
    browser.click("[data-testid=export-save]");
    eventually().until(() -> said().startsWith("Saved: "));
    browser.screenshot("exported", "dark", 390, 844);
    eventually().until(() -> Browser.saved(folder.resolve("saved")).size() == 1);
    Path file = Browser.saved(folder.resolve("saved")).get(0);
    assertThat(Program.tool("ffmpeg", "-v", "error", "-i", file.toString(), "-f", "null", "-"))
        .isEmpty();
    browser.one("[data-testid=export]").sendKeys(Keys.ESCAPE);

    String link = share();
    segmentWithANoteIsFoundAmongTheSavedOnes();
    troubleLeadsToWhatWasFilmedBefore();
    theOtherCameraKeepsInStep();
    whoHasTheLinkSeesIt(link);
  }

  private void theMarkedTimesAreTypedByTheClockOfTheAxis() {
    WebElement from = browser.one("[data-testid=range-from]");
    String before = from.getDomProperty("value");
    from.sendKeys(Keys.chord(Keys.CONTROL, "a"), "25:00", Keys.TAB);
    assertThat(from.getDomProperty("value")).isEqualTo(before);
    assertThat(browser.one(".notice").getText()).contains("25:00", "14:30");
    from.sendKeys(Keys.chord(Keys.CONTROL, "a"), "000005", Keys.TAB);
    assertThat(from.getDomProperty("value")).isEqualTo("00:00:05");
    from.sendKeys(Keys.chord(Keys.CONTROL, "a"), before, Keys.TAB);
    assertThat(from.getDomProperty("value")).isEqualTo(before);

    WebElement to = browser.one("[data-testid=range-to]");
    String end = to.getDomProperty("value");
    to.sendKeys(Keys.chord(Keys.CONTROL, "a"), "00:00:00", Keys.TAB);
    assertThat(browser.one(".notice").getText()).startsWith("To has to be after " + before);
    from.sendKeys(Keys.chord(Keys.CONTROL, "a"), "23:59:59", Keys.TAB);
    assertThat(browser.one(".notice").getText()).startsWith("23:59:59 is still to come");
    assertThat(from.getDomProperty("value")).isEqualTo(before);
    assertThat(to.getDomProperty("value")).isEqualTo(end);
    from.sendKeys(Keys.chord(Keys.CONTROL, "a"), "000005", Keys.TAB);
    to.sendKeys(Keys.chord(Keys.CONTROL, "a"), "000010", Keys.TAB);
    from.sendKeys(Keys.chord(Keys.CONTROL, "a"), before, Keys.TAB);
    assertThat(browser.one(".notice").getText()).startsWith("From has to be before 00:00:10");
    assertThat(from.getDomProperty("value")).isEqualTo("00:00:05");
    to.sendKeys(Keys.chord(Keys.CONTROL, "a"), end, Keys.TAB);
    from.sendKeys(Keys.chord(Keys.CONTROL, "a"), before, Keys.TAB);
  }

  private void whatIsMissingAtAnEndIsNamed() throws Exception {
    WebElement from = browser.one("[data-testid=range-from]");
    String before = from.getDomProperty("value");
    from.sendKeys(Keys.chord(Keys.CONTROL, "a"), "000005", Keys.TAB);
    browser.click("[data-testid=export-open]");
    eventually().until(() -> browser.one("[data-testid=export-facts]").getText().contains("Size"));
    assertThat(browser.one("[data-testid=export-facts]").getText())
        .contains("No footage for ", "00:00:05 – ");
    browser.screenshot("export-missing", "light", 1440, 900);
    browser.one("[data-testid=export]").sendKeys(Keys.ESCAPE);
    browser.click("[data-testid=share-open]");
    eventually().until(() -> browser.shows("[data-testid=share-missing]"));
    assertThat(browser.one("[data-testid=share-missing]").getText())
        .startsWith("No footage for ")
        .contains(": 00:00:05 – ");
    browser.screenshot("share-missing", "dark", 390, 844);
    browser.driver().manage().window().setSize(new Dimension(1440, 900));
    browser.one("[data-testid=shares]").sendKeys(Keys.ESCAPE);
    from.sendKeys(Keys.chord(Keys.CONTROL, "a"), before, Keys.TAB);
  }

  private void theWayToTheTimelineScrollsNothingAway() {
    browser.driver().executeAsyncScript(MUCH_MOTION);
    eventually().until(() -> browser.all("[data-testid=event-row]").size() >= 60);
    browser.one(".skip").sendKeys(Keys.ENTER);
    assertThat(browser.driver().switchTo().activeElement().getAttribute("id"))
        .isEqualTo("timeline");
    assertThat(browser.scripts().executeScript("return window.scrollY")).isEqualTo(0L);
    browser.driver().navigate().refresh();
    eventually().until(() -> browser.segmentsOfFirstRow() >= 3);
  }

  private void theCalendarClosesBehindWhoLeavesIt() {
    browser.click(".calendar-open");
    eventually().until(() -> browser.shows(".calendar-day:focus"));
    for (int day = 0; day < 31 && browser.shows(".calendar[open]"); day++) {
      browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
    }
    assertThat(browser.shows(".calendar[open]")).isFalse();
  }

  private void aPosterShowsWhereTheMouseIs() throws Exception {
    WebElement strip = browser.one("[data-testid=timeline-strip]");
    int half = strip.getSize().getWidth() / 2;
    int[] at = {0};
    eventually()
        .pollInterval(Duration.ofSeconds(1)) // whoever passes by is shown nothing
        .until(
            () -> {
              at[0] = (at[0] + 7) % half; // somewhere there is footage
              new Actions(browser.driver()).moveToElement(strip, half - 10 - at[0], 0).perform();
              return (Boolean)
                  browser
                      .scripts()
                      .executeScript(
                          "return document.querySelector('.tooltip-picture').naturalWidth > 0"
                              + " && document.querySelector('.tooltip-film').checkVisibility()");
            });
    browser.screenshot("poster", "dark", 1440, 900);
  }

  private String share() throws Exception {
    browser.driver().manage().window().setSize(new Dimension(1440, 900));
    browser.click("[data-testid=share-open]");
    browser.click("[data-testid=share-make]");
    eventually().until(() -> browser.shows("[data-testid=share-link]"));
    String link = browser.one("[data-testid=share-link]").getAttribute("value");
    eventually().until(() -> browser.all("[data-testid=share-row]").size() == 1);
    browser.screenshot("share", "light", 1440, 900);
    browser.one("[data-testid=shares]").sendKeys(Keys.ESCAPE);
    return link;
  }

  private void segmentWithANoteIsFoundAmongTheSavedOnes() throws Exception {
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.END, Keys.ENTER);
    assertThat(browser.shows(".tooltip")).isFalse();
    browser.click("[data-testid=save-button]");
    eventually().until(() -> browser.shows("[data-testid=note]"));
    browser.one("[data-testid=note]").sendKeys("Grey van at the gate", Keys.ENTER);
    eventually().until(() -> savedMarks().equals(List.of("Grey van at the gate")));
    thePictureHasTheRoom();
    browser.click("[data-testid=filter-kind] option[value='saved']");
    eventually()
        .until(
            () ->
                browser
                    .one("[data-testid=event-saved]")
                    .getText()
                    .contains("Grey van at the gate"));
    browser.screenshot("saved-with-note", "light", 1440, 900);
    browser.one("[data-testid=filter-kind]").sendKeys(Keys.HOME);
    eventually().until(() -> browser.all("[data-testid=event-saved]").isEmpty());
    browser.driver().executeAsyncScript(MOTION_IN_A_ZONE);
    eventually().until(() -> browser.shows("[data-testid=filter-zone]"));
    assertThat(browser.all(".filter-choice > span"))
        .extracting(WebElement::getText)
        .containsExactly("Show", "Camera", "Zone");
    browser.screenshot("filters", "dark", 1440, 900);
    browser.screenshot("filters-phone", "light", 390, 844);
    assertThat(browser.scrollsSideways()).isFalse();
    browser.driver().manage().window().setSize(new Dimension(1440, 900));
  }

  /** Though a note is beside it, and a stretch is marked. */
  private void thePictureHasTheRoom() {
    String part = "document.querySelector('.player-stage').clientHeight / innerHeight";
    assertThat((Double) browser.scripts().executeScript("return " + part)).isGreaterThan(0.35);
    Map<String, Object> sideways =
        Map.of("width", 844, "height", 390, "deviceScaleFactor", 2, "mobile", true);
    browser.driver().executeCdpCommand("Emulation.setDeviceMetricsOverride", sideways);
    String bottom = "document.querySelector('.player-stage').getBoundingClientRect().bottom";
    assertThat(browser.scripts().executeScript("return " + bottom + " < innerHeight"))
        .isEqualTo(true);
    browser.driver().executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
  }

  private void troubleLeadsToWhatWasFilmedBefore() throws Exception {
    String first = String.valueOf(browser.driver().executeAsyncScript(FIRST_OF_GARDEN));
    String at = String.valueOf(browser.driver().executeAsyncScript(GARDEN_IS_LOST));
    browser.click("[data-testid=filter-camera] option[value='garden']");
    assertThat(browser.all("[data-testid=event-incident]")).hasSize(1);
    browser.click("[data-testid=filter-camera] option[value='']");
    browser.click("[data-testid=filter-kind] option[value='trouble']");
    assertThat(browser.all("[data-testid=event-row]")).isEmpty();
    browser.screenshot("trouble-alone", "light", 1440, 900);
    browser.click("[data-testid=event-incident]");
    eventually().until(() -> first.equals(playing()));
    browser.click("[data-testid=filter-kind] option[value='']");
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.END, Keys.ENTER);
    eventually().until(() -> !first.equals(playing()));
    browser.click("[data-testid=trouble] .button");
    eventually().until(() -> first.equals(playing()));
    browser.one("body").sendKeys(Keys.ESCAPE);
    browser.driver().executeScript("location.hash = arguments[0]", "camera=garden&at=" + at);
    eventually().until(() -> first.equals(playing()));
  }

  private String playing() {
    return browser.one("[data-testid=player]").getAttribute("data-segment");
  }

  private void theOtherCameraKeepsInStep() throws Exception {
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.END, Keys.ENTER);
    eventually().until(() -> seconds() > 0);
    browser.one("body").sendKeys(" ");
    assertThat(browser.scripts().executeAsyncScript(NOT_HERE_YET))
        .isEqualTo("Still being filmed, true");
    browser.one("[data-testid=timeline-strip]").sendKeys(Keys.HOME, Keys.ENTER);
    eventually().until(() -> browser.all("[data-testid=player-tile]").size() == 1);
    for (int i = 0; i < 3; i++) {
      eventually().until(() -> isInStep(100));
    }
    browser.screenshot("together", "dark", 1440, 900);
    browser.one("body").sendKeys(" ");
    eventually().until(() -> isInStep(40));
    double before = seconds();
    browser.one("body").sendKeys(".");
    eventually().until(() -> seconds() > before);
    assertThat(seconds() - before).isLessThan(0.2);
    eventually().until(() -> isInStep(40));
    assertThat(browser.scripts().executeAsyncScript(AMONG_MANY)).isEqualTo("9 of 12 cameras, true");
    playbackGoesOnOverMidnight();
    browser.screenshot("together-phone", "light", 390, 844);
    assertThat(browser.scrollsSideways()).isFalse();
    browser.driver().manage().window().setSize(new Dimension(1440, 900));
    browser.one("body").sendKeys(Keys.ESCAPE);
  }

  private void playbackGoesOnOverMidnight() {
    String day = browser.one(".timeline .day").getAttribute("data-day");
    assertThat(browser.driver().executeAsyncScript(MIDNIGHT_IS_NEAR)).isNull();
    String before = isSaved();
    browser.click("[data-testid=save-button]");
    eventually().until(() -> !isSaved().equals(before));
    browser.click("[data-testid=save-button]");
    eventually().until(() -> isSaved().equals(before));
    browser.one("body").sendKeys(" ");
    eventually().until(() -> browser.segmentsOfFirstRow() > 0);
    assertThat(browser.one(".timeline .day").getAttribute("data-day")).isEqualTo(day);
    eventually().until(() -> isInStep(100));
    assertThat(browser.shows(".tile-none")).isFalse();
  }

  private String isSaved() {
    return browser.one("[data-testid=save-button]").getAttribute("aria-pressed");
  }

  private void whoHasTheLinkSeesIt(String link) throws Exception {
    browser.driver().manage().deleteAllCookies();
    browser.driver().get(link);
    eventually().until(() -> browser.shows("[data-testid=shared-video]"));
    eventually()
        .until(
            () ->
                (Boolean)
                    browser
                        .scripts()
                        .executeScript(
                            "const v = document.querySelector('video'); v.muted = true; v.play();"
                                + " return v.currentTime > 0.5 && v.duration > 5"
                                + " && v.duration < 600"));
    browser.screenshot("shared", "dark", 1440, 900);
    browser.screenshot("shared-phone", "light", 390, 844);
    assertThat(browser.scrollsSideways()).isFalse();

    assertThat(browser.complaints()).isEmpty();

    browser.driver().get(signIn.toString());
    browser.click("[data-testid=people-open]");
    browser.click("[data-testid=shares-open]");
    browser.click("[data-testid=share-revoke]");
    eventually().until(() -> browser.all("[data-testid=share-row]").isEmpty());
    browser.driver().get(link);
    eventually().until(() -> browser.one("h1").getText().contains("not good any more"));
    browser.screenshot("shared-over", "light", 1440, 900);
  }

  private boolean isInStep(int most) {
    List<?> off = (List<?>) browser.scripts().executeScript(OFF);
    return off != null
        && !off.isEmpty()
        && off.stream().allMatch(ms -> ms instanceof Number n && Math.abs(n.doubleValue()) <= most);
  }

  private double seconds() {
    Object time =
        browser
            .scripts()
            .executeScript(
                "return document.querySelector('[data-testid=player-video]').currentTime");
    return time instanceof Number n ? n.doubleValue() : 0;
  }

  private String said() {
    return browser.one("[data-testid=export-said]").getText();
  }

  private List<String> savedMarks() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("demo/footage"))) {
      return files
          .filter(f -> f.toString().endsWith(".saved"))
          .map(
              f -> {
                try {
                  return Files.readString(f);
                } catch (IOException e) {
                  return e.toString();
                }
              })
          .toList();
    }
  }
}
