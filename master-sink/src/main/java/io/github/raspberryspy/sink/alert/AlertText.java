package io.github.raspberryspy.sink.alert;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.Incident.Flushed;
import io.github.raspberryspy.sink.event.Incident.Verdict;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.index.CameraClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What events are, for people. A lost camera comes from its incident, which knows what the network
 * says of it; an event that is told again gives the same alert, by its id.
 */
final class AlertText {

  private final UnaryOperator<String> names;

  /**
   * For people who call cameras so.
   *
   * @param names of cameras
   */
  AlertText(UnaryOperator<String> names) {
    this.names = names;
  }

  /** The alerts that an event may become; those of incidents are told together, below. */
  List<Alert> of(MasterEvent event, Instant now) {
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

  /** The alerts that an incident may become, one for each camera that is lost, or is back. */
  List<Alert> of(Incident incident, Instant now) {
    List<Alert> alerts = new ArrayList<>();
    for (Failure failure : incident.failures()) {
      if (!failure.kind().equals(Incident.LOST) || failure.verdict() == Verdict.TAKEN_AWAY) {
        continue; // the camera itself says what is wrong; or nobody waits for it any more
      }
      String camera = failure.camera();
      String which = camera + " " + failure.since();
      String text = sentence("Camera " + name(camera) + ": " + failure.sentence());
      alerts.add(alert(which, AlertKind.LOST, camera, now, text + backedUp(incident)));
      String back = sentence("Camera " + name(camera) + " is back" + howItCame(failure.sentence()));
      failure.end().ifPresent(end -> alerts.add(alert(which, AlertKind.BACK, camera, now, back)));
    }
    return alerts;
  }

  /** {@code , and had started anew}: why it was lost was told when it was. */
  private static String howItCame(String sentence) {
    int at = sentence.lastIndexOf(Incident.IS_BACK);
    return at < 0 ? "" : sentence.substring(at + Incident.IS_BACK.length());
  }

  /** These, of one kind and one incident, as one alert. */
  Alert together(List<Alert> alike, Incident incident) {
    Alert first = alike.get(0);
    if (alike.size() == 1) {
      return first;
    }
    Set<String> cameras = alike.stream().map(Alert::camera).collect(toSet());
    String text =
        first.kind() == AlertKind.BACK
            ? "Cameras " + list(cameras.stream().map(this::name).sorted().toList()) + " are back."
            : lost(incident, cameras) + backedUp(incident);
    return new Alert(first.id(), first.kind(), "", "", first.at(), List.of(), text, 0);
  }

  private String lost(Incident incident, Set<String> cameras) {
    Map<Verdict, Set<String>> verdicts = new EnumMap<>(Verdict.class);
    for (Failure failure : incident.failures()) {
      if (failure.kind().equals(Incident.LOST) && cameras.contains(failure.camera())) {
        verdicts
            .computeIfAbsent(failure.verdict(), v -> new TreeSet<>())
            .add(name(failure.camera()));
      }
    }
    return verdicts.entrySet().stream()
        .map(e -> list(e.getValue()) + " (" + words(e.getKey()) + ")")
        .collect(joining("; ", "Cameras not heard: ", "."));
  }

  private static String words(Verdict verdict) {
    return switch (verdict) {
      case PROGRAM_ENDED -> "its program has ended, its board still answers";
      case PROGRAM_SILENT -> "its board answers, its program does not";
      case UNREACHABLE -> "unreachable: no power, no network, or destroyed";
      case ALL_UNREACHABLE -> "no camera is reachable: it may be the master's own network";
      case TAKEN_AWAY -> "unpaired, or taken off the wall";
      case NONE, UNKNOWN -> "why is not known";
    };
  }

  /** What the other cameras did, each as it was told last. */
  private String backedUp(Incident incident) {
    Map<String, Flushed> latest = new TreeMap<>();
    incident.others().forEach(other -> latest.put(other.camera(), other));
    String done = names(latest, f -> f.ok());
    String told = names(latest, f -> f.answered().isEmpty());
    String failed = names(latest, f -> f.answered().isPresent() && !f.ok());
    return (done.isEmpty() ? "" : " Now backing up: " + done + ".")
        + (told.isEmpty() ? "" : " Told to back up: " + told + ".")
        + (failed.isEmpty() ? "" : " Could not back up: " + failed + ".");
  }

  private String names(Map<String, Flushed> others, Predicate<Flushed> which) {
    return list(
        others.values().stream().filter(which).map(f -> name(f.camera())).sorted().toList());
  }

  private String name(String camera) {
    return names.apply(camera);
  }

  private Alert alert(String which, AlertKind kind, String camera, Instant now, String text) {
    return Alert.of(which, kind, camera, now, text).named(name(camera));
  }

  /** {@code a}, {@code a and b}, {@code a, b and c}. */
  private static String list(Collection<String> names) {
    String all = String.join(", ", names);
    int last = all.lastIndexOf(", ");
    return last < 0 ? all : all.substring(0, last) + " and " + all.substring(last + 2);
  }

  private List<Alert> ofFault(String camera, Fault fault, Instant now) {
    if (fault.ended() || !fault.alert()) {
      return List.of();
    }
    String which = camera + " " + fault.kind() + " " + fault.at();
    String text = "Camera " + name(camera) + ": " + fault.sentence();
    return List.of(alert(which, AlertKind.FAULT, camera, now, sentence(text)));
  }

  private List<Alert> ofMotion(MotionReported motion, Instant now) {
    String camera = motion.camera();
    List<String> zones = motion.span().zones();
    String where = zones.isEmpty() ? "" : ", in " + String.join(" and ", zones);
    String text =
        String.format(
            Locale.ROOT,
            "Something moves at camera %s%s: %.1f %% of the picture so far.",
            name(camera),
            where,
            motion.span().score() * 100);
    Instant start = motion.span().start();
    Instant at = CameraClock.knows(start, now) && start.isBefore(now) ? start : now;
    return List.of(alert(camera + " " + start, AlertKind.MOTION, camera, at, text).in(zones));
  }

  /** Begins and ends as a sentence does. */
  private static String sentence(String text) {
    String begun = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    return begun.endsWith(".") || begun.endsWith("!") ? begun : begun + ".";
  }
}
