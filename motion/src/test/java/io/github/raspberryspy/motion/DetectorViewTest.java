package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.segments.Box;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectorViewTest {

  private static final Box MASK = new Box(0, 0, 1, 0.2);

  private final List<DetectorView> views = new ArrayList<>();
  private final List<MotionResult> results = new ArrayList<>();

  @Test
  void aStillSceneHasNothingOutOfTheOrdinaryThatWeighsEnough() {
    watch(60, false);
    assertThat(views).hasSize(60).allMatch(view -> view.weight() < 1);
  }

  @Test
  void aPassingSquareIsSeenWhereItIsAndWeighsEnoughWhileItMoves() {
    watch(120, true);
    for (int i = 0; i < views.size(); i++) {
      if (!results.get(i).bodies().isEmpty()) {
        assertThat(views.get(i).weight()).isGreaterThan(0.7); // who stands may weigh so little
      }
    }
    DetectorView view = views.get(90);
    assertThat(view.weight()).isGreaterThan(1);
    assertThat(share(view, view.mask(), new Box(0, 0.4, 1, 0.3))).isGreaterThan(0.02);
    assertThat(share(view, view.mask(), new Box(0, 0.75, 1, 0.25))).isLessThan(0.01);
    assertThat(view.usual()).hasSize(view.columns() * view.rows()).contains((byte) 128);
  }

  @Test
  void whatIsMaskedIsBlack() {
    watch(5, false);
    DetectorView view = views.get(4);
    assertThat(share(view, view.luma(), MASK)).isZero();
    assertThat(share(view, view.luma(), new Box(0, 0.3, 1, 0.7))).isEqualTo(1);
  }

  private void watch(int frames, boolean passes) {
    MotionConfig config = MotionConfig.defaults().withMasks(List.of(MASK));
    try (DrawnScene scene = new DrawnScene(PixelFormat.I420, 320, 240, 15);
        MotionAnalyzer analyzer = new MotionAnalyzer(config)) {
      analyzer.showTo(views::add);
      for (int i = 0; i < frames; i++) {
        boolean isThere = passes && i >= 60;
        scene.square(isThere ? DrawnScene.squareAt((i - 60) / 70.0, 0.45) : null);
        try (Frame frame = scene.frame()) {
          results.add(analyzer.analyze(frame.image(), i * 66_666_667L)); // a clock of its own
        }
      }
      assertThat(analyzer.current().isPresent()).isEqualTo(passes);
    }
  }

  /** Which part of the cells within a box are not 0. */
  private static double share(DetectorView view, byte[] cells, Box box) {
    int of = 0;
    int set = 0;
    for (int row = 0; row < view.rows(); row++) {
      for (int column = 0; column < view.columns(); column++) {
        double x = (column + 0.5) / view.columns() - box.x();
        double y = (row + 0.5) / view.rows() - box.y();
        if (x >= 0 && x < box.width() && y >= 0 && y < box.height()) {
          of++;
          set += cells[row * view.columns() + column] != 0 ? 1 : 0;
        }
      }
    }
    return set / (double) of;
  }
}
