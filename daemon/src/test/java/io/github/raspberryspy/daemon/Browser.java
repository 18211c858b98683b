package io.github.raspberryspy.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real browser, and a hand on it. Screenshots go to {@code -Draspberryspy.screenshots=DIR} where
 * that is given.
 */
final class Browser implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * Waits until whatever fades or slides, and does not for ever, has done so. It looks at each
   * frame: Chromium leaves the promise of a transition open that ends as the theme changes.
   */
  private static final String SETTLE =
      """
      const done = arguments[arguments.length - 1];
      const moves = (animation) =>
        animation.playState === 'running' &&
        Number.isFinite(animation.effect.getComputedTiming().endTime);
      const look = () =>
        document.getAnimations().some(moves) ? requestAnimationFrame(look) : done();
      requestAnimationFrame(look);
      """;

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Opens one, or skips the test where there is none. */
  static Browser open() {
    Tools.need("chromium", "chromedriver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.setAcceptInsecureCerts(true); // a master signs its certificate itself
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
    return new Browser(new ChromeDriver(service, options));
  }

  /** What is waited for comes within two minutes; the page may change while it is looked at. */
  static ConditionFactory eventually() {
    return Awaitility.await().atMost(LIMIT).ignoreExceptions();
  }

  ChromeDriver driver() {
    return driver;
  }

  JavascriptExecutor scripts() {
    return driver;
  }

  WebElement one(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** Whether there is such an element, and it is seen. */
  boolean shows(String selector) {
    return all(selector).stream().anyMatch(WebElement::isDisplayed);
  }

  /** Presses it once it is there and can be pressed. */
  void click(String selector) {
    eventually()
        .until(
            () -> {
              one(selector).click();
              return true;
            });
  }

  /** Draws a square around the middle: from there to each side this part of the canvas's height. */
  void drawSquare(String selector, int part) {
    WebElement canvas = one(selector);
    int side = canvas.getSize().height / part;
    new Actions(driver)
        .moveToElement(canvas, -side, -side)
        .click()
        .moveToElement(canvas, side, -side)
        .click()
        .moveToElement(canvas, side, side)
        .click()
        .moveToElement(canvas, -side, -side)
        .click()
        .perform();
  }

  /** What is saved goes into this folder from now on, without a question. */
  void saveInto(Path folder) {
    driver.executeCdpCommand(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", folder.toString()));
  }

  /** The videos that were saved into a folder. */
  static List<Path> saved(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".mp4")).toList();
    }
  }

  /** How many segments the first camera's row has; 0 where there is none. */
  long segmentsOfFirstRow() {
    String count = one("[data-testid=timeline-row]").getAttribute("data-segments");
    return count == null || count.isEmpty() ? 0 : Long.parseLong(count);
  }

  boolean scrollsSideways() {
    return (Boolean)
        driver.executeScript(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth");
  }

  /** Errors on the console, breaches of the Content-Security-Policy among them. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(e -> e.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.contains("401")) // a visit before the sign-in
        .toList();
  }

  void screenshot(String name, String scheme, int width, int height) throws Exception {
    String target = System.getProperty("raspberryspy.screenshots", "");
    driver.manage().window().setSize(new Dimension(width, height));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    driver.executeAsyncScript(SETTLE);
    if (!target.isEmpty()) {
      Path file = Path.of(target, name + ".png");
      Files.createDirectories(file.getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
