package io.github.raspberryspy.sink.alert;

import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged;
import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What events are, for people. A lost camera comes from its incident, which knows what the network
 * says of it; an event that is told again gives the same alert, by its id.
 */
final class AlertText {

  private AlertText() {}

  /** The alerts that an event may become. */
  static List<Alert> of(MasterEvent event, Instant now) {
    if (event instanceof IncidentChanged changed) {
      return ofIncident(changed.incident(), now);
    }
    if (event instanceof FaultReported reported) {
      return ofFault(reported.camera(), reported.fault(), now);
    }
    if (event instanceof MotionReported motion) {
      return ofMotion(motion, now);
    }
    if (event instanceof MasterTrouble trouble && !trouble.ended()) {
      String which = trouble.kind() + " " + trouble.since();
      return List.of(Alert.of(which, AlertKind.TROUBLE, "", now, sentence(trouble.sentence())));
    }
    return List.of();
  }

  private static List<Alert> ofIncident(Incident incident, Instant now) {
    List<Alert> alerts = new ArrayList<>();
    for (Failure failure : incident.failures()) {
      if (!failure.kind().equals(Incident.LOST)) {
        continue; // the camera itself says what is wrong
      }
      String camera = failure.camera();
      String which = camera + " " + failure.since();
      String text = "Camera " + camera + ": " + failure.sentence();
      alerts.add(Alert.of(which, AlertKind.LOST, camera, now, sentence(text)));
      failure
          .end()
          .ifPresent(
              end -> alerts.add(Alert.of(which, AlertKind.BACK, camera, now, sentence(text))));
    }
    return alerts;
  }

  private static List<Alert> ofFault(String camera, Fault fault, Instant now) {
    if (fault.ended() || !fault.alert()) {
      return List.of();
    }
    String which = camera + " " + fault.kind() + " " + fault.at();
    String text = "Camera " + camera + ": " + fault.sentence();
    return List.of(Alert.of(which, AlertKind.FAULT, camera, now, sentence(text)));
  }

  private static List<Alert> ofMotion(MotionReported motion, Instant now) {
    String camera = motion.camera();
    List<String> zones = motion.span().zones();
    String where = zones.isEmpty() ? "" : ", in " + String.join(" and ", zones);
    String text =
        String.format(
            Locale.ROOT,
            "Something moves at camera %s%s: up to %.1f %% of the picture.",
            camera,
            where,
            motion.span().score() * 100);
    return List.of(
        Alert.of(camera + " " + motion.span().start(), AlertKind.MOTION, camera, now, text)
            .in(zones));
  }

  /** Ends as a sentence does. */
  private static String sentence(String text) {
    return text.endsWith(".") || text.endsWith("!") ? text : text + ".";
  }
}
