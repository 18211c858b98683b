package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells the master what is wrong with the camera, as it happens, and again on each connection: what
 * is not told then is over. Thread-safe.
 */
final class LiveFaults {

  private final InstantSource clock;
  private final Map<String, Fault> present = Collections.synchronizedMap(new TreeMap<>());
  private volatile Consumer<Fault> link = fault -> {}; // set once, before the camera starts

  LiveFaults(InstantSource clock) {
    this.clock = clock;
  }

  /** From now on this one takes what there is to tell, and must return soon. */
  void tell(Consumer<Fault> newLink) {
    link = newLink;
  }

  /** Takes in that something is wrong with what it films, or is so no longer. */
  void changed(CameraFault fault) {
    changed(fault.kind().text(), fault.ended(), fault.isAlert(), fault.sentence());
  }

  /** The same of its board. */
  void changed(String kind, boolean ended, boolean isAlert, String sentence) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Fault message = new Fault(kind, ended, isAlert, now, sentence);
    if (ended) {
      present.remove(kind);
    } else {
      present.put(kind, message);
    }
    link.accept(message);
  }

  /**
   * What it filmed with is closed: nothing of that is wrong any more, and whatever it films with
   * next notices anew.
   */
  void closed() {
    for (CameraFault.Kind kind : CameraFault.Kind.values()) {
      if (present.containsKey(kind.text())) {
        changed(kind.text(), true, false, "it was closed, and is looked at anew");
      }
    }
  }

  /** Tells again what is wrong now. */
  void repeat() {
    List<Fault> now;
    synchronized (present) {
      now = List.copyOf(present.values());
    }
    now.forEach(link);
  }

  /** What is wrong with what it films now, in a sentence; empty where nothing is. */
  String sentence() {
    synchronized (present) {
      return Stream.of(CameraFault.Kind.values())
          .flatMap(kind -> Stream.ofNullable(present.get(kind.text())))
          .map(Fault::sentence)
          .collect(Collectors.joining("; "));
    }
  }
}
