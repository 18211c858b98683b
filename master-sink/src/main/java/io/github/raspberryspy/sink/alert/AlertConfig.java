package io.github.raspberryspy.sink.alert;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What people are told, and how. Immutable.
 *
 * @param rules which alerts there are
 * @param pause within which alike alerts of one camera are joined, 10 s to a day
 * @param keepTrying how long a delivery is tried, an hour to 30 days
 * @param link address of the page, as people reach it
 * @param authorities whose certificates are believed beside those that Java believes
 * @param targets where alerts go
 */
public record AlertConfig(
    AlertRules rules,
    Duration pause,
    Duration keepTrying,
    Optional<URI> link,
    List<X509Certificate> authorities,
    Targets targets) {

  /** Checks presence, and copies the list. */
  public AlertConfig {
    Objects.requireNonNull(rules, "rules");
    Objects.requireNonNull(pause, "pause");
    Objects.requireNonNull(keepTrying, "keepTrying");
    Objects.requireNonNull(link, "link");
    authorities = List.copyOf(authorities);
    Objects.requireNonNull(targets, "targets");
  }

  /**
   * Where alerts go.
   *
   * @param webhook an HTTP server that takes JSON
   * @param ntfy a topic of ntfy
   * @param mail a mail server
   * @param mqtt a broker, and Home Assistant by it
   */
  public record Targets(
      Optional<WebhookConfig> webhook,
      Optional<NtfyConfig> ntfy,
      Optional<MailConfig> mail,
      Optional<MqttConfig> mqtt) {

    /** None but the list on the page. */
    public static Targets none() {
      return new Targets(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /** What is there by default: what goes wrong is listed on the page. */
  public static AlertConfig standard() {
    AlertRule wrong =
        new AlertRule(
            EnumSet.of(AlertKind.LOST, AlertKind.BACK, AlertKind.FAULT, AlertKind.TROUBLE),
            Set.of(),
            Set.of(),
            Optional.empty(),
            Set.of());
    return new AlertConfig(
        new AlertRules(
            List.of(wrong),
            List.of(),
            EnumSet.of(AlertKind.LOST, AlertKind.FAULT, AlertKind.TROUBLE),
            ZoneId.systemDefault()),
        Duration.ofMinutes(1),
        Duration.ofDays(7),
        Optional.empty(),
        List.of(),
        Targets.none());
  }
}
