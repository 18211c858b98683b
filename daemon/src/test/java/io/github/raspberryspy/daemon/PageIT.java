package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The page in a real browser, over a real demo. Screenshots go to {@code
 * -Draspberryspy.screenshots=DIR} where that is given.
 */
class PageIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Pattern SIGN_IN = Pattern.compile("\"signIn\":\"([^\"]+)\"");

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
        const motion = (await ask('events')).filter((e) => e.type === 'motion');
        const isListed = (e) =>
          state.events.some((known) =>
            known.type === 'motion' && known.camera === e.camera &&
            known.t0 <= Date.parse(e.start) && known.t1 >= Date.parse(e.end));
        return state.link.status === 'live' && state.footage.byId.size === total &&
          motion.some((e) => Date.parse(e.start) > window.loadedAt) && motion.every(isListed);
      })().then(done, (error) => done(String(error)));
      """;

  @TempDir Path folder;

  private Program demo;
  private URI signIn;
  private ChromeDriver browser;

  @BeforeEach
  void startDemoAndBrowser() {
    Tools.need("chromium", "chromedriver");
    demo =
        Program.start(
            folder,
            "demo",
            "--cameras",
            "2",
            "--segment",
            "5s",
            "--audio",
            "test:",
            "--json",
            "--port",
            "0",
            "--dir",
            folder.resolve("demo").toString());
    Matcher link = SIGN_IN.matcher(demo.awaitLine("\"ready\""));
    assertThat(link.find()).isTrue();
    signIn = URI.create(link.group(1));
    browser = openBrowser();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (browser != null) {
      browser.quit();
    }
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  void aPersonSignsInSeesTheCamerasRecordPlaysASegmentAndSavesIt() throws Exception {
    browser.get(signIn.resolve("/").toString());
    assertThat(browser.getPageSource()).doesNotContain("camera-card");

    browser.get(signIn.toString());
    eventually().until(() -> all("[data-testid=camera-card][data-state=recording]").size() == 2);
    eventually().until(() -> segmentsOfFirstRow() >= 3);
    screenshot("wall", "dark", 1440, 900);

    one("[data-testid=timeline-strip]").sendKeys(Keys.END, Keys.ENTER);
    eventually()
        .until(() -> "true".equals(one("[data-testid=player]").getAttribute("data-playing")));
    eventually().until(() -> currentTime() > 0.5);
    screenshot("player", "light", 1440, 900);

    assertThat(isMuted()).isTrue();
    one("[data-testid=sound-button]").click();
    eventually().until(() -> !isMuted() && decodedSoundBytes() > 0);

    WebElement save = one("[data-testid=save-button]");
    assertThat(save.getAttribute("aria-pressed")).isEqualTo("false");
    save.click();
    eventually()
        .until(() -> "true".equals(one("[data-testid=save-button]").getAttribute("aria-pressed")));
    eventually().until(() -> savedMarkers() == 1);
    one("[data-testid=save-button]").click();
    eventually().until(() -> savedMarkers() == 0);

    screenshot("phone", "dark", 390, 844);
    assertThat(scrollsSideways()).isFalse();
    assertThat(complaints()).isEmpty();
  }

  @Test
  void thePageSaysThatTheMasterIsGoneAndComesBackWithIt() throws Exception {
    browser.get(signIn.toString());
    eventually().until(() -> all("[data-testid=camera-card][data-state=recording]").size() == 2);
    demo.kill();
    eventually().until(() -> "down".equals(one("html").getAttribute("data-link")));
    assertThat(one("body").getText()).doesNotContain("All 2 cameras are recording");
  }

  @Test
  void whatComesWhileThePageLoadsIsOnIt() {
    browser.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", LATE));
    browser.get(signIn.toString());
    eventually().until(() -> browser.executeAsyncScript(SHOWS_ALL), Boolean.TRUE::equals);
  }

  private long segmentsOfFirstRow() {
    String count = one("[data-testid=timeline-row]").getAttribute("data-segments");
    return count == null || count.isEmpty() ? 0 : Long.parseLong(count);
  }

  private double currentTime() {
    Object time =
        browser.executeScript(
            "return document.querySelector('[data-testid=player-video]').currentTime");
    return time instanceof Number n ? n.doubleValue() : 0;
  }

  private boolean isMuted() {
    return (Boolean)
        browser.executeScript("return document.querySelector('[data-testid=player-video]').muted");
  }

  /** What this browser has decoded of the sound, which it counts whether there is a card or not. */
  private long decodedSoundBytes() {
    Object bytes =
        browser.executeScript(
            "return document.querySelector('[data-testid=player-video]')"
                + ".webkitAudioDecodedByteCount");
    return bytes instanceof Number n ? n.longValue() : 0;
  }

  private boolean scrollsSideways() {
    return (Boolean)
        browser.executeScript(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth");
  }

  private long savedMarkers() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("demo/footage"))) {
      return files.filter(f -> f.toString().endsWith(".saved")).count();
    }
  }

  /** Errors on the console, breaches of the Content-Security-Policy among them. */
  private List<String> complaints() {
    return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(e -> e.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("401")) // the visit before the sign-in
        .toList();
  }

  private WebElement one(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private List<WebElement> all(String selector) {
    return browser.findElements(By.cssSelector(selector));
  }

  private void screenshot(String name, String scheme, int width, int height) throws Exception {
    String target = System.getProperty("raspberryspy.screenshots", "");
    browser.manage().window().setSize(new Dimension(width, height));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    if (!target.isEmpty()) {
      Path file = Path.of(target, name + ".png");
      Files.createDirectories(file.getParent());
      Files.write(file, browser.getScreenshotAs(OutputType.BYTES));
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await().atMost(LIMIT).ignoreExceptions();
  }

  private static ChromeDriver openBrowser() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--autoplay-policy=no-user-gesture-required",
        "--window-size=1440,900");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File("/usr/bin/chromedriver"))
            .usingAnyFreePort()
            .build();
    return new ChromeDriver(service, options);
  }
}
