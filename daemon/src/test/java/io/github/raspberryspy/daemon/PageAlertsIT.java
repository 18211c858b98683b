package io.github.raspberryspy.daemon;

import static io.github.raspberryspy.daemon.Browser.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.sink.alert.Alert;
import io.github.raspberryspy.sink.alert.AlertConfig;
import io.github.raspberryspy.sink.alert.AlertKind;
import io.github.raspberryspy.sink.alert.NtfyConfig;
import io.github.raspberryspy.sink.alert.WebhookConfig;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the page shows what people were told: in a real browser, over a real master. */
class PageAlertsIT {

  @TempDir Path folder;
  private HttpServer receiver;
  private MasterServer master;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/up") ? 200 : 503, -1);
          exchange.close();
        });
    receiver.start();
    master = MasterServer.start(config());
    master.close(); // it has made its folder, and an index to put alerts into
    remember();
    master = MasterServer.start(config());
    browser = Browser.open();
    browser.driver().get(master.signInLink().toString());
  }

  private MasterConfig config() {
    AlertConfig standard = AlertConfig.standard();
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort();
    AlertConfig.Targets targets =
        new AlertConfig.Targets(
            Optional.of(new WebhookConfig(URI.create(url + "/up"), Optional.empty())),
            Optional.of(new NtfyConfig(URI.create(url + "/home"), Optional.empty())),
            Optional.empty(),
            Optional.empty());
    return MasterConfig.into(folder.resolve("footage"))
        .listen("127.0.0.1", 0)
        .minFreeBytes(0)
        .alerts(
            new AlertConfig(
                standard.rules(),
                standard.pause(),
                standard.keepTrying(),
                Optional.empty(),
                List.of(),
                targets))
        .build();
  }

  private void remember() throws Exception {
    Instant now = Instant.now();
    try (SegmentIndex index = SegmentIndex.open(folder.resolve("footage/.raspberryspy/index.db"))) {
      add(
          index,
          AlertKind.LOST,
          "front",
          now.minusSeconds(9000),
          "Camera front: it is unreachable: no power, no network, or destroyed.");
      add(
          index,
          AlertKind.BACK,
          "front",
          now.minusSeconds(8000),
          "Camera front is back, and had started anew.");
      add(
          index,
          AlertKind.MOTION,
          "garden",
          now.minusSeconds(600),
          "Something moves at camera garden, in path: 12.5 % of the picture so far.");
      add(
          index,
          AlertKind.FAULT,
          "garden",
          now.minusSeconds(60),
          "Camera garden: the lens is covered.");
      add(index, AlertKind.TROUBLE, "", now, "The bucket cannot be reached.");
    }
  }

  private static void add(
      SegmentIndex index, AlertKind kind, String camera, Instant at, String sentence) {
    index
        .alerts()
        .add(
            new Alert(
                kind + camera,
                kind,
                camera,
                camera,
                at,
                List.of(),
                sentence,
                kind == AlertKind.MOTION ? 7 : 0),
            List.of(),
            kind == AlertKind.TROUBLE ? Set.of("ntfy") : Set.of(),
            Duration.ofMinutes(1),
            at);
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (master != null) {
      master.close();
    }
    receiver.stop(0);
  }

  @Test
  void theBellCountsWhatIsNewAndAChannelSaysWhatItAnswered() throws Exception {
    eventually()
        .until(
            () ->
                "Alerts: 5 new"
                    .equals(browser.one("[data-testid=alerts-open]").getAttribute("aria-label")));
    browser.screenshot("alerts-bell", "light", 1440, 900);
    browser.click("[data-testid=alerts-open]");
    eventually().until(() -> browser.all("[data-testid=alert]").size() == 5);
    assertThat(browser.one("[data-testid=alert]").getText()).contains("The master has a problem");
    eventually()
        .until(
            () -> browser.one("[data-channel=ntfy]").getText().contains("the server answered 503"));
    browser.screenshot("alerts", "light", 1440, 900);
    browser.screenshot("alerts-dark", "dark", 1440, 900);
    browser.screenshot("alerts-phone", "light", 390, 844);
    assertThat(browser.scrollsSideways()).isFalse();
    browser.click("[data-channel=webhook] button");
    eventually()
        .until(
            () ->
                browser
                    .one("[data-testid=alerts-sheet] .sheet-said")
                    .getText()
                    .equals("Webhook works: the server answered 200."));
    browser.click("[data-channel=ntfy] button");
    eventually()
        .until(
            () ->
                browser
                    .one("[data-testid=alerts-sheet] .sheet-said")
                    .getText()
                    .equals("ntfy does not work: the server answered 503."));
    browser.screenshot("alerts-tested", "dark", 390, 844);
    assertThat(browser.one("[data-testid=alerts-open]").getAttribute("aria-label"))
        .isEqualTo("Alerts");
    browser.click("[data-testid=alert][data-kind=lost] [data-testid=alert-play]");
    eventually()
        .until(
            () ->
                browser
                    .one(".notice")
                    .getText()
                    .startsWith("Nothing that front filmed before that is here."));
    assertThat(browser.complaints()).isEmpty();
  }
}
