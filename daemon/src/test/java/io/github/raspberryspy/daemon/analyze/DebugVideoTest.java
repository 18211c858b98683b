package io.github.raspberryspy.daemon.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.daemon.analyze.Filmed.Said;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.Zone;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.Polygon;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DebugVideoTest {

  private static final Box PRIVATE = new Box(0.4, 0.4, 0.2, 0.1);
  private static final Box ZONE = new Box(0.7, 0.2, 0.2, 0.2);

  @TempDir static Path filmed;

  @TempDir Path folder;

  @BeforeAll
  static void film() {
    Filmed.segments(filmed, Duration.ofSeconds(20));
  }

  private Said look() throws Exception {
    AnalyzeRequest r = Filmed.request(filmed);
    Zone zone = new Zone("window", Zone.Kind.PRIVACY, Polygon.of(ZONE), OptionalInt.empty());
    MotionConfig config =
        r.config().toBuilder().zones(List.of(zone)).build().withMasks(List.of(PRIVATE));
    return Said.json(
        new AnalyzeRequest(
            r.files(),
            config,
            List.of(PRIVATE),
            2,
            Optional.empty(),
            Optional.of(folder),
            Optional.empty(),
            r.pre(),
            r.post()));
  }

  @Test
  void eachFileHasAVideoThatShowsEveryPictureThatWasLookedAt() throws Exception {
    Said said = look();
    List<Path> videos = Filmed.files(folder);
    assertThat(videos)
        .extracting(video -> video.getFileName().toString())
        .isEqualTo(Filmed.videos(filmed).stream().map(v -> v.getFileName().toString()).toList());
    for (int i = 0; i < videos.size(); i++) {
      List<Long> times = new ArrayList<>();
      Footage video = new Footage(videos.get(i), Optional.empty());
      long lost = FootageReader.read(video, () -> false, (frame, us) -> times.add(us));
      assertThat(lost).isZero();
      assertThat(times).hasSize((int) (long) said.files().get(i).get("frames"));
      assertThat(times).first().isEqualTo(0L);
    }
  }

  @Test
  void whatIsPrivateIsBlackInEveryPanelAndMotionIsRed() throws Exception {
    Map<String, Object> event = Said.events(look().files().get(0)).get(0);
    double middle = ((double) event.get("start") + (double) event.get("end")) / 2;
    int[] looked = {0, 0};
    Footage video = new Footage(Filmed.files(folder).get(0), Optional.empty());
    FootageReader.read(
        video,
        () -> false,
        (frame, us) -> {
          for (Box box : List.of(PRIVATE, ZONE)) {
            assertBlack(frame, box, 0, 0);
            assertBlack(frame, box, 0.5, 0);
            assertBlack(frame, box, 0, 0.5);
          }
          looked[0]++;
          if (Math.abs(us / 1e6 - middle) < 0.05) {
            assertThat(luma(frame, 0.45, 477.5 / 960))
                .as("the frame of an event")
                .isBetween(70, 130);
            looked[1]++;
          }
        });
    assertThat(looked[0]).isGreaterThan(100);
    assertThat(looked[1]).isPositive();
  }

  /** The middle of a box in the panel at this corner of the video. */
  private static void assertBlack(Frame frame, Box box, double left, double top) {
    for (double share : new double[] {0.25, 0.5, 0.75}) {
      double x = left + (box.x() + share * box.width()) / 2;
      double y = top + (box.y() + share * box.height()) / 2;
      assertThat(luma(frame, x, y)).as("at %s, %s", x, y).isLessThan(28);
    }
  }

  private static int luma(Frame frame, double x, double y) {
    Image image = frame.image();
    byte[] row = new byte[image.width()];
    image.copyRow(0, (int) (y * image.height()), row);
    return row[(int) (x * image.width())] & 255;
  }
}
