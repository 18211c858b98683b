package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.sink.alert.AlertConfig;
import io.github.raspberryspy.sink.alert.AlertConfig.Targets;
import io.github.raspberryspy.sink.alert.AlertKind;
import io.github.raspberryspy.sink.alert.AlertRule;
import io.github.raspberryspy.sink.alert.AlertRules;
import io.github.raspberryspy.sink.alert.DayTimes;
import io.github.raspberryspy.sink.alert.Login;
import io.github.raspberryspy.sink.alert.MailConfig;
import io.github.raspberryspy.sink.alert.MqttConfig;
import io.github.raspberryspy.sink.alert.NtfyConfig;
import io.github.raspberryspy.sink.alert.WebhookConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys of {@code master.yml} that say what people are told, and how. */
final class AlertKeys {

  static final ConfigKey<List<AlertRule>> RULES =
      new ConfigKey<>(
          "alerts.rules",
          "What people are told; an alert is what any of them is of.",
          Optional.of("lost,back,fault,trouble"),
          AlertRuleText.ALLOWED,
          AlertRuleText::rules);
  static final ConfigKey<List<DayTimes>> QUIET =
      new ConfigKey<>(
          "alerts.quiet",
          "When alerts are listed on the page, and not delivered.",
          Optional.of(""),
          AlertRuleText.TIMES_ALLOWED,
          AlertRuleText::times);
  static final ConfigKey<Set<AlertKind>> LOUD =
      new ConfigKey<>(
          "alerts.loud",
          "Kinds that are delivered even at quiet times.",
          Optional.of("lost,fault,trouble"),
          "kinds with commas between, or empty for none",
          text -> text.isBlank() ? Set.of() : AlertRuleText.kinds(text));
  static final ConfigKey<ZoneId> TIME_ZONE =
      new ConfigKey<>(
          "alerts.time-zone",
          "By whose clocks times are.",
          Optional.of(""),
          "empty for this machine's, or a name such as Europe/Berlin",
          AlertKeys::zone);
  static final ConfigKey<Duration> PAUSE =
      ConfigKey.duration(
          "alerts.pause",
          "Within which alerts of one kind and camera are joined to one.",
          "1m",
          "10s",
          "1d");
  static final ConfigKey<Duration> KEEP_TRYING =
      ConfigKey.duration(
          "alerts.keep-trying", "How long a delivery is tried again.", "7d", "1h", "30d");
  static final ConfigKey<Optional<URI>> LINK =
      address("alerts.link", "The page's address, as people reach it, for alerts to lead to.");
  static final ConfigKey<List<X509Certificate>> AUTHORITIES =
      new ConfigKey<>(
          "alerts.ca-file",
          "Certificates (PEM) of authorities that are believed beside those that Java believes.",
          Optional.of(""),
          "a file with certificates, or empty for none",
          AlertKeys::certificates);
  static final ConfigKey<Optional<URI>> WEBHOOK =
      address("alerts.webhook-url", "Where each alert is posted as JSON.");
  static final ConfigKey<String> WEBHOOK_SECRET =
      file("alerts.webhook-secret-file", "the secret that signs what is posted");
  static final ConfigKey<Optional<URI>> NTFY =
      address("alerts.ntfy-url", "A topic of ntfy, such as https://ntfy.sh/TOPIC.");
  static final ConfigKey<String> NTFY_TOKEN =
      file("alerts.ntfy-token-file", "the token of ntfy's server");
  static final ConfigKey<Optional<URI>> MAIL =
      address("alerts.mail-url", "The mail server: smtps://HOST:465 or smtp://HOST:587.");
  static final ConfigKey<String> MAIL_USER =
      ConfigKey.text("alerts.mail-user", "Who signs in there; empty for nobody.", "");
  static final ConfigKey<String> MAIL_PASSWORD =
      file("alerts.mail-password-file", "that user's password");
  static final ConfigKey<String> MAIL_FROM =
      ConfigKey.text("alerts.mail-from", "The address that mails come from.", "");
  static final ConfigKey<String> MAIL_TO =
      ConfigKey.text("alerts.mail-to", "The addresses that mails go to, with commas between.", "");
  static final ConfigKey<Optional<URI>> MQTT =
      address("alerts.mqtt-url", "The MQTT broker: mqtts://HOST:8883 or mqtt://HOST:1883.");
  static final ConfigKey<String> MQTT_USER =
      ConfigKey.text("alerts.mqtt-user", "Who signs in there; empty for nobody.", "");
  static final ConfigKey<String> MQTT_PASSWORD =
      file("alerts.mqtt-password-file", "that user's password");
  static final ConfigKey<String> MQTT_TOPIC =
      ConfigKey.text("alerts.mqtt-topic", "What all topics begin with.", "raspberryspy");
  static final ConfigKey<String> MQTT_DISCOVERY =
      ConfigKey.text(
          "alerts.mqtt-discovery",
          "Where Home Assistant looks for devices; empty where it is not to find any.",
          "homeassistant");

  static final List<ConfigKey<?>> ALL =
      List.of(
          RULES,
          QUIET,
          LOUD,
          TIME_ZONE,
          PAUSE,
          KEEP_TRYING,
          LINK,
          AUTHORITIES,
          WEBHOOK,
          WEBHOOK_SECRET,
          NTFY,
          NTFY_TOKEN,
          MAIL,
          MAIL_USER,
          MAIL_PASSWORD,
          MAIL_FROM,
          MAIL_TO,
          MQTT,
          MQTT_USER,
          MQTT_PASSWORD,
          MQTT_TOPIC,
          MQTT_DISCOVERY);

  private AlertKeys() {}

  /**
   * What people are told, and how.
   *
   * @throws ConfigException in one sentence that names the key, if it cannot be
   */
  static AlertConfig config(Settings settings) {
    AlertRules rules =
        new AlertRules(
            settings.get(RULES), settings.get(QUIET), settings.get(LOUD), settings.get(TIME_ZONE));
    Targets targets =
        new Targets(webhook(settings), ntfy(settings), mail(settings), mqtt(settings));
    return new AlertConfig(
        rules,
        settings.get(PAUSE),
        settings.get(KEEP_TRYING),
        settings.get(LINK),
        settings.get(AUTHORITIES),
        targets);
  }

  private static Optional<WebhookConfig> webhook(Settings settings) {
    Optional<URI> url = settings.get(WEBHOOK);
    Optional<String> secret = secret(settings, WEBHOOK_SECRET, WEBHOOK);
    return url.map(u -> WEBHOOK.checked(() -> new WebhookConfig(u, secret)));
  }

  private static Optional<NtfyConfig> ntfy(Settings settings) {
    Optional<URI> url = settings.get(NTFY);
    Optional<String> token = secret(settings, NTFY_TOKEN, NTFY);
    return url.map(u -> NTFY.checked(() -> new NtfyConfig(u, token)));
  }

  private static Optional<MailConfig> mail(Settings settings) {
    Optional<URI> url = settings.get(MAIL);
    Optional<Login> login = login(settings, MAIL_USER, MAIL_PASSWORD, MAIL);
    List<String> to =
        Arrays.stream(settings.get(MAIL_TO).split(",", -1))
            .map(String::strip)
            .filter(address -> !address.isEmpty())
            .toList();
    if (url.isPresent()) {
      MAIL_FROM.checked(() -> MailConfig.requireAddress(settings.get(MAIL_FROM)));
      MAIL_TO.checked(() -> MailConfig.requireAddresses(to));
    }
    return url.map(u -> MAIL.checked(() -> MailConfig.of(u, login, settings.get(MAIL_FROM), to)));
  }

  private static Optional<MqttConfig> mqtt(Settings settings) {
    Optional<URI> url = settings.get(MQTT);
    Optional<Login> login = login(settings, MQTT_USER, MQTT_PASSWORD, MQTT);
    String discovery = settings.get(MQTT_DISCOVERY);
    return url.map(
        u ->
            MQTT.checked(
                () ->
                    new MqttConfig(
                        u,
                        login,
                        settings.get(MQTT_TOPIC),
                        Optional.of(discovery).filter(text -> !text.isBlank()))));
  }

  private static Optional<Login> login(
      Settings settings, ConfigKey<String> user, ConfigKey<String> file, ConfigKey<?> of) {
    String name = settings.get(user);
    Optional<String> password = secret(settings, file, of);
    if (name.isBlank() == password.isPresent()) {
      throw new ConfigException(
          "keys \"" + user.name() + "\" and \"" + file.name() + "\" go together; one is not set");
    }
    return password.map(p -> new Login(name, p));
  }

  private static Optional<String> secret(
      Settings settings, ConfigKey<String> key, ConfigKey<?> of) {
    String file = settings.get(key);
    if (file.isBlank()) {
      return Optional.empty();
    }
    if (settings.get(of).equals(Optional.empty())) {
      throw new ConfigException(
          "key \"" + key.name() + "\" is set, but \"" + of.name() + "\" is not");
    }
    return Optional.of(SecretFile.read(key, file, "the secret"));
  }

  private static ConfigKey<Optional<URI>> address(String name, String meaning) {
    return new ConfigKey<>(
        name,
        meaning,
        Optional.of(""),
        "an address, or empty for none",
        text -> text.isBlank() ? Optional.empty() : Optional.of(URI.create(text.strip())));
  }

  private static ConfigKey<String> file(String name, String what) {
    return ConfigKey.text(
        name, "A file that nobody else may read (0600), whose first line is " + what + ".", "");
  }

  private static List<X509Certificate> certificates(String file) {
    if (file.isBlank()) {
      return List.of();
    }
    try (InputStream in = Files.newInputStream(Path.of(file.strip()))) {
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException(file + " holds no certificate");
      }
      return found;
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException(file + " cannot be read as certificates", e);
    }
  }

  private static ZoneId zone(String text) {
    try {
      return text.isBlank() ? ZoneId.systemDefault() : ZoneId.of(text.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
