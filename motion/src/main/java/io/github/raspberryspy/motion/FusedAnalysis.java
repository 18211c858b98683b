package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The analysis of the picture with a passive-infrared sensor beside it. For one thread. */
final class FusedAnalysis implements Analysis {

  private final Analysis picture;
  private final PirSignal signal;
  private final PirSignal.Reading reading = new PirSignal.Reading();
  private final Fusion fusion;

  /* What the picture has shown in the event under way: of events that are over, and the latest. */
  private final EventBoxes boxes = new EventBoxes();
  private final Set<String> zones = new LinkedHashSet<>();
  private double score;
  private Optional<MotionEvent> latest = Optional.empty();

  FusedAnalysis(Analysis picture, PirFusion config) {
    this.picture = picture;
    this.signal = config.signal();
    this.fusion = new Fusion(config);
  }

  @Override
  public MotionResult analyze(Frame frame) {
    long nanos = frame.captureNanos();
    MotionResult seen = picture.analyze(frame);
    if (seen.began().isPresent()) {
      signal.moved(nanos);
    }
    signal.read(nanos, reading);
    Optional<MotionEvent> ended = Optional.empty();
    if (seen.ended().isPresent() && seen.motion()) { // one is over, and the next has begun at once
      ended = accept(nanos, seen.ended(), false);
    }
    boolean moves = seen.motion();
    Optional<MotionEvent> ends = accept(nanos, moves ? picture.current() : seen.ended(), moves);
    ended = ended.isPresent() ? ended : ends;
    if (!fusion.isOpen() && ended.isEmpty()) {
      return MotionResult.STILL;
    }
    Optional<MotionEvent> began = fusion.began() ? current() : Optional.empty();
    List<Body> where = fusion.isOpen() ? seen.bodies() : List.of();
    return new MotionResult(fusion.isOpen(), seen.score(), where, began, ended);
  }

  @Override
  public Optional<MotionEvent> current() {
    return fusion.isOpen() ? Optional.of(event()) : Optional.empty();
  }

  @Override
  public Optional<MotionEvent> finish() {
    picture.finish();
    Optional<MotionEvent> last = current();
    fusion.finish();
    return last;
  }

  @Override
  public void close() {
    picture.close();
  }

  /** Takes in a frame with the picture's event, which is under way or just over. */
  private Optional<MotionEvent> accept(long nanos, Optional<MotionEvent> event, boolean moves) {
    fusion.accept(
        nanos,
        moves,
        event.isPresent() ? event.get().startNanos() : nanos,
        event.isPresent() ? event.get().endNanos() : nanos,
        reading);
    Optional<MotionEvent> ended = fusion.ended() ? Optional.of(event()) : Optional.empty();
    if (!fusion.isOpen() || fusion.began()) {
      forget();
    }
    if (fusion.isOpen() && event.isPresent()) {
      if (latest.isPresent() && latest.get().startNanos() != event.get().startNanos()) {
        add(latest.get());
      }
      latest = event;
    }
    return ended;
  }

  private MotionEvent event() {
    latest.ifPresent(this::add); // the same may be added twice: boxes and names are joined
    if (fusion.bySensor()) {
      zones.add(PirFusion.ZONE);
    }
    return new MotionEvent(
        fusion.startNanos(),
        fusion.endNanos(),
        score,
        List.copyOf(zones),
        boxes.list(),
        latest.map(MotionEvent::path).orElse(List.of()));
  }

  private void add(MotionEvent event) {
    event.boxes().forEach(boxes::add);
    zones.addAll(event.zones());
    score = Math.max(score, event.score());
  }

  private void forget() {
    boxes.clear();
    zones.clear();
    score = 0;
    latest = Optional.empty();
  }
}
