package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.record.RecorderListener;
import io.github.raspberryspy.camera.record.RunClock;
import io.github.raspberryspy.camera.record.SegmentRecorder;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;

/** The recorder of one run on its {@code record-CAMERA}. Thread-safe. */
final class RecordThread {

  private final RunContext context;
  private final PacketCursor cursor;
  private final SegmentRecorder recorder;

  private RecordThread(RunContext context, PacketCursor cursor, SegmentRecorder recorder) {
    this.context = context;
    this.cursor = cursor;
    this.recorder = recorder;
  }

  /**
   * Begins to record what comes into the run's window.
   *
   * @param gapReason why footage is missing between the run before it and this one
   */
  static RecordThread start(
      RunContext context, Recording recording, RunClock clock, String gapReason) {
    PipelineSetup setup = context.setup();
    Spool spool = recording.storage().card();
    try {
      SegmentRecorder.Job job =
          new SegmentRecorder.Job(
              recording.config()::get,
              spool,
              recording.storage().beginRun(),
              context.info(),
              clock,
              setup.annotator(),
              new Relay(setup.listener()),
              context.counters(),
              recording.storage(),
              setup.clocks());
      PacketCursor cursor = context.window().openCursor();
      SegmentRecorder recorder = new SegmentRecorder(job, cursor);
      recorder.missingBecause(gapReason);
      recorder.illustrate(context.pictures()::requestPoster);
      setup.audio().ifPresent(audio -> recorder.hear(audio.begin(clock.startNanos())));
      RecordThread thread = new RecordThread(context, cursor, recorder);
      context.threads().start("record-", thread::run);
      return thread;
    } catch (IOException e) {
      throw new CameraException(
          Kind.DISK_FAILED, "spool " + spool.folder() + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** Ends the segment at the next keyframe. */
  void flush() {
    recorder.flush();
  }

  /** Says that something happens now. */
  void trigger(String reason) {
    recorder.trigger(reason);
  }

  /** However it ends, the source must not wait for a reader that is gone. */
  private void run() {
    try (cursor) {
      recorder.run();
    } catch (Throwable e) { // a camera that records nothing must not look as if it did
      context
          .fail()
          .accept(
              new CameraException(
                  Kind.BUG, "the recorder of camera " + context.setup().name() + ": " + e, e));
    }
  }

  /** Passes the recorder's news on to the pipeline's listener. */
  private record Relay(PipelineListener listener) implements RecorderListener {
    @Override
    public void onDurable(SegmentFiles files, SegmentId segment, long bytes) {
      listener.onDurable(files, segment, bytes);
    }

    @Override
    public void onSealed(SealedSegment segment) {
      listener.onSealed(segment);
    }

    @Override
    public void onProblem(String sentence) {
      listener.onProblem(sentence);
    }
  }
}
