package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.sink.alert.AlertConfig;
import io.github.raspberryspy.sink.alert.AlertKind;
import io.github.raspberryspy.sink.alert.AlertRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told, as they configure it. */
class AlertKeysTest {

  @TempDir Path folder;

  private static AlertConfig alerts(String... sets) {
    List<String> all = new ArrayList<>(List.of("footage.folder=f"));
    all.addAll(List.of(sets));
    return MasterKeys.master(Settings.of(MasterKeys.ALL, all)).alerts();
  }

  private static void assertRefused(String sentence, String... sets) {
    assertThatThrownBy(() -> alerts(sets))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence);
  }

  private String secret(String text, String mode) throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file.toString();
  }

  @Test
  void byDefaultWhatGoesWrongIsListedAndNobodyIsWrittenTo() {
    assertThat(alerts()).isEqualTo(AlertConfig.standard());
  }

  @Test
  void aRuleNamesKindsCamerasZonesTimesAndChannels() {
    List<AlertRule> rules =
        alerts(
                "alerts.rules=lost,back; motion camera:door,yard zone:path time:22:00-06:00"
                    + " days:sat,sun to:mail,ntfy")
            .rules()
            .rules();
    assertThat(rules).hasSize(2);
    assertThat(rules.get(0).kinds()).containsExactlyInAnyOrder(AlertKind.LOST, AlertKind.BACK);
    AlertRule motion = rules.get(1);
    assertThat(motion.cameras()).containsExactlyInAnyOrder("door", "yard");
    assertThat(motion.zones()).containsExactly("path");
    assertThat(motion.channels()).containsExactlyInAnyOrder("mail", "ntfy");
    assertThat(motion.times().orElseThrow().from()).isEqualTo(LocalTime.of(22, 0));
    assertThat(motion.times().orElseThrow().days())
        .containsExactlyInAnyOrder(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
  }

  @Test
  void whatCannotBeUsedIsSaidInOneSentence() throws Exception {
    assertRefused("kind \"lots\" is unknown; allowed are", "alerts.rules=lots");
    assertRefused("has the unknown word \"when:3\"", "alerts.rules=lost when:3");
    assertRefused("channel \"fax\" is unknown", "alerts.rules=lost to:fax");
    assertRefused("time \"25:00-26:00\" is not HH:MM-HH:MM", "alerts.quiet=25:00-26:00");
    assertRefused("day \"fun\" is none of", "alerts.quiet=22:00-06:00 fun");
    assertRefused("allowed is empty for this machine's", "alerts.time-zone=Mars/Base");
    assertRefused("allowed is a time from 10s to 1d", "alerts.pause=1s");
    assertRefused("it is no address such as https://", "alerts.webhook-url=ftp://x/y");
    assertRefused("allowed is a file with certificates", "alerts.ca-file=" + folder.resolve("no"));
    assertRefused("it names no topic", "alerts.ntfy-url=https://ntfy.sh/");
    assertRefused(
        "key \"alerts.mail-from\": \"\" is no address such as name@host",
        "alerts.mail-url=smtps://mail.example");
    assertRefused(
        "key \"alerts.mail-to\": nobody is written to",
        "alerts.mail-url=smtps://mail.example",
        "alerts.mail-from=a@b.example");
    assertRefused("go together; one is not set", "alerts.mail-url=smtps://m", "alerts.mail-user=a");
    assertRefused("topic \"a b\" is not", "alerts.mqtt-url=mqtt://b", "alerts.mqtt-topic=a b");
    assertRefused(
        "\"alerts.webhook-url\" is not", "alerts.webhook-secret-file=" + secret("s", "rw-------"));
    assertRefused(
        "can be read or changed by others; allowed is 0600",
        "alerts.webhook-url=https://x/y",
        "alerts.webhook-secret-file=" + secret("s", "rw-r--r--"));
    assertRefused(
        "a password goes to another machine by mqtts only",
        "alerts.mqtt-url=mqtt://broker.example",
        "alerts.mqtt-user=a",
        "alerts.mqtt-password-file=" + secret("s", "rw-------"));
  }

  @Test
  void everyChannelCanBeConfigured() throws Exception {
    String secret = secret("hunter2\n", "rw-------");
    AlertConfig config =
        alerts(
            "alerts.webhook-url=https://x.example/hook",
            "alerts.webhook-secret-file=" + secret,
            "alerts.ntfy-url=https://ntfy.sh/home",
            "alerts.ntfy-token-file=" + secret,
            "alerts.mail-url=smtps://mail.example",
            "alerts.mail-user=spy",
            "alerts.mail-password-file=" + secret,
            "alerts.mail-from=spy@example.org",
            "alerts.mail-to=a@example.org, b@example.org",
            "alerts.mqtt-url=mqtts://broker.example",
            "alerts.mqtt-discovery=");
    assertThat(config.targets().webhook().orElseThrow().secret()).contains("hunter2");
    assertThat(config.targets().ntfy().orElseThrow().token()).contains("hunter2");
    assertThat(config.targets().mail().orElseThrow().to()).hasSize(2);
    assertThat(config.targets().mqtt().orElseThrow().discovery()).isEmpty();
    assertThat(config.toString()).doesNotContain("hunter2");
  }
}
