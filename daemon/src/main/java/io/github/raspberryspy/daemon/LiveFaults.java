package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.upload.control.ControlLink;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** Tells the master what is wrong with the camera, as it happens. Thread-safe. */
final class LiveFaults {

  private final InstantSource clock;
  private final Map<CameraFault.Kind, String> present =
      Collections.synchronizedMap(new EnumMap<>(CameraFault.Kind.class));
  private volatile ControlLink link; // set once, before the camera starts

  LiveFaults(InstantSource clock) {
    this.clock = clock;
  }

  void tell(ControlLink newLink) {
    link = newLink;
  }

  /** Takes in that something is wrong, or is so no longer. */
  void changed(CameraFault fault) {
    if (fault.ended()) {
      present.remove(fault.kind());
    } else {
      present.put(fault.kind(), fault.sentence());
    }
    ControlLink current = link;
    if (current != null) {
      current.offer(
          new Fault(
              fault.kind().text(),
              fault.ended(),
              fault.isAlert(),
              clock.instant().truncatedTo(ChronoUnit.MICROS),
              fault.sentence()));
    }
  }

  /** What is wrong now, in a sentence; empty where nothing is. */
  String sentence() {
    synchronized (present) {
      return String.join("; ", present.values());
    }
  }
}
