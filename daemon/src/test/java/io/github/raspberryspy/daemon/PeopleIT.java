package io.github.raspberryspy.daemon;

import static io.github.raspberryspy.daemon.Browser.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/** First start, sign-in, people and what they did, in a real browser over a real master. */
class PeopleIT {

  private static final String PASSWORD = "seven wet herons";

  @TempDir Path folder;
  private MasterServer master;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    master =
        MasterServer.start(
            MasterConfig.into(folder).listen("127.0.0.1", 0).minFreeBytes(0).build());
    browser = Browser.open();
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

  private void fill(String name, String text) {
    browser.one(".door-form [name=" + name + "]").clear();
    browser.one(".door-form [name=" + name + "]").sendKeys(text);
  }

  private void submit(String name, String password) {
    fill("name", name);
    fill("password", password);
    browser.click(".door-form [type=submit]");
  }

  @Test
  void theOwnerSetsAPasswordInvitesAViewerAndReadsWhatWasDone() throws Exception {
    browser.driver().get(master.welcomeLink().toString());
    eventually().until(() -> browser.shows("[data-testid=welcome-form]"));
    assertThat(browser.driver().getCurrentUrl()).doesNotContain("token");
    browser.screenshot("welcome", "light", 1440, 900);
    submit("Ada", "password1234");
    eventually().until(() -> browser.shows(".door-error"));
    browser.screenshot("welcome-refused", "dark", 390, 844);
    submit("Ada", PASSWORD);
    eventually().until(() -> browser.shows("[data-testid=people-open]"));
    assertThat(master.hasOwner()).isTrue();

    browser.click("[data-testid=people-open]");
    eventually().until(() -> browser.shows("[data-testid=invite-viewer]"));
    browser.click("[data-testid=invite-viewer]");
    eventually().until(() -> browser.shows("[data-testid=invite-link]"));
    String link = browser.one("[data-testid=invite-link]").getAttribute("value");
    browser.screenshot("people", "light", 1440, 900);
    browser.screenshot("people-phone", "dark", 390, 844);
    assertThat(browser.scrollsSideways()).isFalse();
    browser.click("[data-testid=sign-out]");
    eventually().until(() -> browser.shows("[data-testid=sign-in-form]"));

    browser.driver().get(link);
    eventually().until(() -> browser.shows("[data-testid=welcome-form]"));
    submit("Bob", PASSWORD);
    eventually().until(() -> browser.shows("[data-testid=people-open]"));
    browser.click("[data-testid=people-open]");
    eventually().until(() -> browser.shows("[data-testid=people] .people-tag"));
    assertThat(browser.shows("[data-testid=invite-viewer]")).isFalse();
    assertThat(browser.shows("[data-testid=audit-open]")).isFalse();
    assertThat(browser.all("[data-for=owner]")).isNotEmpty().noneMatch(WebElement::isDisplayed);
    browser.screenshot("viewer", "light", 1440, 900);
    browser.click("[data-testid=sign-out]");

    eventually().until(() -> browser.shows("[data-testid=sign-in-form]"));
    submit("Ada", "a wrong password");
    eventually().until(() -> browser.shows(".door-error"));
    browser.screenshot("sign-in", "light", 390, 844);
    browser.screenshot("sign-in-wide", "dark", 1440, 900);
    submit("Ada", PASSWORD);
    eventually().until(() -> browser.shows("[data-testid=people-open]"));
    browser.click("[data-testid=people-open]");
    browser.click("[data-testid=audit-open]");
    eventually().until(() -> browser.all("[data-testid=audit] .row").size() >= 6);
    assertThat(browser.one("[data-testid=audit]").getText())
        .contains("Set up this master", "Invited", "Joined", "Was not let in", "Signed in");
    browser.screenshot("audit", "dark", 1440, 900);
    browser.screenshot("audit-phone", "light", 390, 844);
    assertThat(browser.complaints().stream().filter(m -> !m.contains("400")).toList()).isEmpty();
  }
}
