package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.motion.Zone.Kind;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.Polygon;
import io.github.raspberryspy.segments.Polygon.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A square crosses the picture from left to right, below its upper third. */
class ZonesTest {

  private static final Polygon MIDDLE =
      new Polygon(List.of(new Point(0.5, 0.2), new Point(0.7, 0.5), new Point(0.5, 0.9)));
  private static final Polygon TOP = Polygon.of(new Box(0, 0, 1, 0.2));

  private final List<MotionResult> results = new ArrayList<>();

  @Test
  void onlyWhatTouchesATriggerCountsAndTheEventNamesIt() {
    List<MotionEvent> all = watch();
    List<MotionEvent> events =
        watch(zone("gate", Kind.TRIGGER, MIDDLE), zone("roof", Kind.TRIGGER, TOP));

    assertThat(events).singleElement().extracting(MotionEvent::zones).isEqualTo(List.of("gate"));
    MotionEvent event = events.get(0);
    assertThat(event.startNanos()).isGreaterThan(all.get(0).startNanos() + 500_000_000L);
    assertThat(event.endNanos()).isLessThan(all.get(0).endNanos());
    assertThat(all.get(0).zones()).isEmpty();
  }

  @Test
  void whatPassesByATriggerIsNoEvent() {
    assertThat(watch(zone("roof", Kind.TRIGGER, TOP))).isEmpty();
  }

  @Test
  void whatIsIgnoredOrPrivateIsPassedOverAndTheRestIsNot() {
    Polygon lane = Polygon.of(new Box(0, 0.3, 1, 0.5));
    assertThat(watch(zone("lane", Kind.IGNORE, lane))).isEmpty();
    assertThat(watch(zone("lane", Kind.PRIVACY, lane))).isEmpty();
    assertThat(watch(zone("roof", Kind.IGNORE, TOP))).hasSize(1);
  }

  @Test
  void ownSensitivityOfAZoneIsThatOfThePictureElsewhere() {
    Polygon all = Polygon.of(new Box(0, 0, 1, 1));
    Zone deaf = new Zone("all", Kind.TRIGGER, all, OptionalInt.of(1));
    Zone keen = new Zone("all", Kind.TRIGGER, all, OptionalInt.of(50));

    assertThat(events(MotionConfig.builder(), 320, 20, deaf)).isEmpty();
    assertThat(events(MotionConfig.builder(), 320, 20, keen)).hasSize(1);
    assertThat(events(MotionConfig.builder().sensitivity(1), 320, 20)).isEmpty();
    assertThat(events(MotionConfig.builder().sensitivity(1), 320, 20, keen)).hasSize(1);
  }

  @Test
  void eventHasThePathThatTheSquareTook() {
    MotionEvent event = watch().get(0);

    List<PathPoint> path = event.path();
    assertThat(path).hasSizeBetween(10, EventPath.MOST);
    assertThat(path).extracting(PathPoint::body).containsOnly(path.get(0).body());
    for (int i = 1; i < path.size(); i++) {
      assertThat(path.get(i).x()).isGreaterThan(path.get(i - 1).x() - 0.05);
    }
    assertThat(path.get(path.size() - 1).x() - path.get(0).x()).isGreaterThan(0.5);
    assertThat(results).filteredOn(r -> !r.bodies().isEmpty()).isNotEmpty();
  }

  private List<MotionEvent> watch(Zone... zones) {
    return events(MotionConfig.builder(), 320, 2, zones);
  }

  private List<MotionEvent> events(
      MotionConfig.Builder config, int width, double sigma, Zone... zones) {
    List<MotionEvent> events = new ArrayList<>();
    results.clear();
    try (MotionAnalyzer analyzer = new MotionAnalyzer(config.zones(List.of(zones)).build());
        DrawnScene scene =
            new DrawnScene(PixelFormat.I420, width, width * 3 / 4, 15).sigma(sigma)) {
      for (int n = 0; n < 200; n++) {
        double x = 0.05 + 0.8 * (n - 75) / 60;
        scene.square(n < 75 || n > 135 ? null : DrawnScene.squareAt(x, 0.45));
        try (Frame frame = scene.frame()) {
          MotionResult result = analyzer.analyze(frame);
          results.add(result);
          result.ended().ifPresent(events::add);
        }
      }
      analyzer.finish().ifPresent(events::add);
    }
    return events;
  }

  private static Zone zone(String name, Kind kind, Polygon shape) {
    return new Zone(name, kind, shape, OptionalInt.empty());
  }
}
