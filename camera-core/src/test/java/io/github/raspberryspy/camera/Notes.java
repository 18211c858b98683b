package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.supervise.CameraFault;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a pipeline told. */
final class Notes implements PipelineListener {

  final List<String> faults = new CopyOnWriteArrayList<>();
  final List<String> sentences = new CopyOnWriteArrayList<>();
  final List<String> problems = new CopyOnWriteArrayList<>();
  final List<PipelineState> states = new CopyOnWriteArrayList<>();

  @Override
  public void onState(PipelineState state, String problem) {
    states.add(state);
  }

  @Override
  public void onFault(CameraFault fault) {
    sentences.add(fault.sentence());
    faults.add((fault.ended() ? "end " : "") + fault.kind().text() + (fault.isAlert() ? "!" : ""));
  }

  @Override
  public void onProblem(String sentence) {
    problems.add(sentence);
  }
}
