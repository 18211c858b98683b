package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tells the master what is wrong with the camera, as it happens, and again on each connection: what
 * is not told then is over. Thread-safe.
 */
final class LiveFaults {

  private final InstantSource clock;
  private final Map<CameraFault.Kind, Fault> present =
      Collections.synchronizedMap(new EnumMap<>(CameraFault.Kind.class));
  private volatile Consumer<Fault> link = fault -> {}; // set once, before the camera starts

  LiveFaults(InstantSource clock) {
    this.clock = clock;
  }

  /** From now on this one takes what there is to tell, and must return soon. */
  void tell(Consumer<Fault> newLink) {
    link = newLink;
  }

  /** Takes in that something is wrong, or is so no longer. */
  void changed(CameraFault fault) {
    Fault message =
        new Fault(
            fault.kind().text(),
            fault.ended(),
            fault.isAlert(),
            clock.instant().truncatedTo(ChronoUnit.MICROS),
            fault.sentence());
    if (fault.ended()) {
      present.remove(fault.kind());
    } else {
      present.put(fault.kind(), message);
    }
    link.accept(message);
  }

  /** Tells again what is wrong now. */
  void repeat() {
    List<Fault> now;
    synchronized (present) {
      now = List.copyOf(present.values());
    }
    now.forEach(link);
  }

  /** What is wrong now, in a sentence; empty where nothing is. */
  String sentence() {
    synchronized (present) {
      return present.values().stream().map(Fault::sentence).collect(Collectors.joining("; "));
    }
  }
}
