package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.PipelineState;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;

/** Remembers what the heartbeat tells, wakes the uploader, and passes everything on. */
final class CameraNews implements PipelineListener {

  private final CameraReport report;
  private final Uploads uploads;
  private final LiveFaults faults;
  private final PipelineListener next;

  CameraNews(CameraReport report, Uploads uploads, LiveFaults faults, PipelineListener next) {
    this.report = report;
    this.uploads = uploads;
    this.faults = faults;
    this.next = next;
  }

  @Override
  public void onState(PipelineState state, String sentence) {
    report.problem(sentence);
    next.onState(state, sentence);
  }

  @Override
  public void onStream(StreamInfo info) {
    report.films(info);
    next.onStream(info);
  }

  @Override
  public void onDurable(SegmentFiles files, SegmentId segment, long bytes) {
    uploads.durable(files, segment, bytes);
    next.onDurable(files, segment, bytes);
  }

  @Override
  public void onSealed(SealedSegment segment) {
    uploads.sealed(segment);
    next.onSealed(segment);
  }

  @Override
  public void onProblem(String sentence) {
    report.problem(sentence);
    next.onProblem(sentence);
  }

  @Override
  public void onFault(CameraFault fault) {
    faults.changed(fault);
    next.onFault(fault);
  }
}
