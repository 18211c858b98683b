package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.CameraReported;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentStored;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the demo tells of itself on standard output. */
interface DemoReport {

  /** The page can be opened. */
  void ready(URI url, URI signIn, List<String> cameras, Path folder);

  /** Something happened at the master. */
  void event(MasterEvent event);

  /** A camera has ended. */
  void summary(CameraNode camera);

  /** For people: where to look, and nothing more while it runs. */
  final class OfText implements DemoReport {
    @Override
    public void ready(URI url, URI signIn, List<String> cameras, Path folder) {
      System.out.println("RaspberrySpy is running: " + url);
      System.out.println();
      System.out.println("  Sign in:  " + signIn);
      System.out.println("  Cameras:  " + String.join(", ", cameras));
      System.out.println("  Footage:  " + folder.resolve("footage").toAbsolutePath());
      System.out.println();
      System.out.println("Press Ctrl-C to stop.");
    }

    @Override
    public void event(MasterEvent event) {
      // The page shows it.
    }

    @Override
    public void summary(CameraNode camera) {
      System.out.printf(
          "%s: %d frames recorded, %d dropped, %d segments, all on the master%n",
          camera.name(),
          camera.counters().get(Counter.FRAMES_RECORDED),
          camera.counters().framesDropped(),
          camera.counters().get(Counter.SEGMENTS_SEALED));
    }
  }

  /** For programs: one JSON object a line. */
  final class OfJson implements DemoReport {
    @Override
    public void ready(URI url, URI signIn, List<String> cameras, Path folder) {
      Map<String, Object> line = line("ready");
      line.put("url", url);
      line.put("signIn", signIn);
      line.put("cameras", cameras);
      line.put("spool", folder.resolve("spool"));
      line.put("footage", folder.resolve("footage"));
      Json.print(line);
    }

    @Override
    public void event(MasterEvent event) {
      if (event instanceof SegmentStored stored) {
        var manifest = stored.segment().manifest();
        Map<String, Object> line = line("segment");
        line.put("camera", manifest.id().camera());
        line.put("id", manifest.id());
        line.put("start", manifest.start());
        line.put("end", manifest.end());
        line.put("bytes", manifest.content().bytes());
        line.put("motion", manifest.motion().size());
        Json.print(line);
      } else if (event instanceof MotionReported motion) {
        Map<String, Object> line = line("motion");
        line.put("camera", motion.camera());
        line.put("ended", motion.ended());
        line.put("start", motion.span().start());
        line.put("end", motion.span().end());
        line.put("score", motion.span().score());
        Json.print(line);
      } else if (event instanceof FaultReported fault) {
        Map<String, Object> line = line("fault");
        line.put("camera", fault.camera());
        line.put("kind", fault.fault().kind());
        line.put("ended", fault.fault().ended());
        line.put("alert", fault.fault().alert());
        line.put("sentence", fault.fault().sentence());
        Json.print(line);
      } else if (event instanceof CameraReported camera && camera.stateChanged()) {
        Map<String, Object> line = line("camera");
        line.put("camera", camera.status().camera());
        line.put("state", camera.status().state());
        Json.print(line);
      }
    }

    @Override
    public void summary(CameraNode camera) {
      Map<String, Object> line = line("summary");
      line.put("camera", camera.name());
      line.put("captured", camera.counters().get(Counter.FRAMES_CAPTURED));
      line.put("recorded", camera.counters().get(Counter.FRAMES_RECORDED));
      line.put("dropped", camera.counters().framesDropped());
      line.put("segments", camera.counters().get(Counter.SEGMENTS_SEALED));
      line.put("bytes", camera.counters().get(Counter.BYTES_RECORDED));
      Json.print(line);
    }

    private static Map<String, Object> line(String event) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("event", event);
      return line;
    }
  }
}
