package io.github.raspberryspy.camera.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.PlayedFrames;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.clip.ClipCutter.Part;
import io.github.raspberryspy.camera.clip.ClipCutter.Piece;
import io.github.raspberryspy.camera.source.MediaFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(FrameLeakExtension.class)
class ClipCutterTest {

  @TempDir Path folder;

  /** A decoded picture: when it is shown in the clip, and which one of the video it was. */
  private record Shown(long us, int number) {}

  @ParameterizedTest
  @CsvSource({"mp4, 0", "mp4, 2", "mkv, 0", "mkv, 2", "ts, 0"})
  void aClipBeginsWithTheKeyframeBeforeItsStartAtTimeZero(String ending, int bFrames)
      throws Exception {
    Path clip = folder.resolve("clip.mp4");
    Part part = new Part(video("a." + ending, 60, bFrames), 0, Long.MAX_VALUE);
    List<String> said =
        ClipCutter.cut(List.of(part), List.of(new Piece(2_550_000, 4_050_000, clip)), () -> false);
    assertThat(said).isEmpty();
    List<Shown> shown = shown(clip);
    assertThat(shown).hasSizeBetween(21, 21 + 2 * bFrames);
    for (int i = 0; i < shown.size(); i++) {
      assertThat(shown.get(i).us()).isCloseTo(i * 100_000L, within(100L));
      assertThat(shown.get(i).number()).isEqualTo((20 + i) % 32);
    }
    assertIndexInFront(clip);
  }

  @Test
  void aClipGoesOnOverTheBorderOfFilesThatFollowEachOther() throws Exception {
    Path clip = folder.resolve("clip.mp4");
    List<Part> parts =
        List.of(
            new Part(video("a.mp4", 30, 0), 7_000_000, 10_000_000),
            new Part(video("b.mp4", 30, 0), 10_000_000, 13_000_000));
    ClipCutter.cut(parts, List.of(new Piece(9_200_000, 10_450_000, clip)), () -> false);
    List<Shown> shown = shown(clip);
    assertThat(shown).hasSize(15);
    assertThat(shown.get(9)).isEqualTo(new Shown(900_000, 29));
    assertThat(shown.get(10)).isEqualTo(new Shown(1_000_000, 0));
    assertThat(shown.get(14)).isEqualTo(new Shown(1_400_000, 4));
  }

  @Test
  void piecesMayOverlapAndReachOverBothEnds() throws Exception {
    Part part = new Part(video("a.mp4", 60, 0), 0, Long.MAX_VALUE);
    List<Piece> pieces =
        List.of(
            new Piece(-2_000_000, 1_250_000, folder.resolve("1.mp4")),
            new Piece(1_050_000, 2_050_000, folder.resolve("2.mp4")),
            new Piece(5_500_000, 9_000_000, folder.resolve("3.mp4")));
    ClipCutter.cut(List.of(part), pieces, () -> false);
    assertThat(shown(folder.resolve("1.mp4"))).hasSize(13).first().isEqualTo(new Shown(0, 0));
    assertThat(shown(folder.resolve("2.mp4"))).hasSize(11).first().isEqualTo(new Shown(0, 10));
    assertThat(shown(folder.resolve("3.mp4"))).hasSize(10).first().isEqualTo(new Shown(0, 18));
  }

  @Test
  void theOnlyPieceMayBeginBeforeTheVideo() throws Exception {
    Part part = new Part(video("a.mp4", 60, 0), 0, Long.MAX_VALUE);
    Path clip = folder.resolve("clip.mp4");
    ClipCutter.cut(List.of(part), List.of(new Piece(-2_000_000, 1_250_000, clip)), () -> false);
    assertThat(shown(clip)).hasSize(13).first().isEqualTo(new Shown(0, 0));
  }

  @Test
  void aPieceWithoutAKeyframeIsSaidToHaveNone() throws Exception {
    Part part = new Part(video("a.mp4", 20, 0), 0, Long.MAX_VALUE);
    Path clip = folder.resolve("clip.mp4");
    List<Piece> pieces = List.of(new Piece(9_000_000, 9_500_000, clip));
    Part late = new Part(part.file(), 10_000_000, Long.MAX_VALUE);
    assertThatThrownBy(() -> ClipCutter.cut(List.of(late), pieces, () -> false))
        .isInstanceOf(CameraException.class)
        .hasMessage("there is no keyframe to begin clip.mp4 with");
    assertThat(files()).containsExactly("a.mp4");
  }

  @Test
  void videoThatIsNotH264IsRefusedInOneSentence() throws Exception {
    Path video = VideoMaker.with("mpeg4").frames(10, 20).write(folder.resolve("old.mp4"));
    Piece piece = new Piece(0, 1_000_000, folder.resolve("clip.mp4"));
    List<Part> parts = List.of(new Part(video, 0, Long.MAX_VALUE));
    assertThatThrownBy(() -> ClipCutter.cut(parts, List.of(piece), () -> false))
        .isInstanceOf(CameraException.class)
        .hasMessage(
            "file "
                + video
                + " holds mpeg4; clips are cut without encoding anew, and only out of"
                + " h264");
    assertThat(files()).containsExactly("old.mp4");
  }

  @Test
  void aClipThatCannotBeWrittenIsNamed() throws Exception {
    Part part = new Part(video("a.mp4", 20, 0), 0, Long.MAX_VALUE);
    Path clip = folder.resolve("absent").resolve("clip.mp4");
    List<Piece> pieces = List.of(new Piece(0, 1_000_000, clip));
    assertThatThrownBy(() -> ClipCutter.cut(List.of(part), pieces, () -> false))
        .isInstanceOf(CameraException.class)
        .hasMessage("writing " + clip + " failed: No such file or directory");
  }

  @Test
  void oneThatIsStoppedLeavesNoHalfClip() throws Exception {
    Part part = new Part(video("a.mp4", 60, 0), 0, Long.MAX_VALUE);
    List<Piece> pieces = List.of(new Piece(0, 6_000_000, folder.resolve("clip.mp4")));
    int[] asked = {0};
    assertThatThrownBy(() -> ClipCutter.cut(List.of(part), pieces, () -> asked[0]++ > 40))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("was stopped");
    assertThat(files()).containsExactly("a.mp4");
  }

  @Test
  void aClipEndsWhereAnotherSetupBeginsAndThatIsSaid() throws Exception {
    Path clip = folder.resolve("clip.mp4");
    Path early = folder.resolve("early.mp4");
    Path other = video("b.mp4", 30, 2);
    List<Part> parts =
        List.of(
            new Part(video("a.mp4", 30, 0), 7_000_000, 10_000_000),
            new Part(other, 10_000_000, 13_000_000));
    List<Piece> pieces =
        List.of(
            new Piece(7_000_000, 9_999_999, early),
            new Piece(9_200_000, 10_450_000, clip),
            new Piece(11_000_000, 12_000_000, folder.resolve("late.mp4")));
    List<String> said = ClipCutter.cut(parts, pieces, () -> false);
    assertThat(said)
        .containsExactly(
            "clip "
                + clip
                + " ends where "
                + other
                + " begins: its pictures are encoded in another way");
    assertThat(shown(clip)).hasSize(10);
    assertThat(files()).contains("early.mp4", "late.mp4");
  }

  @Test
  void whereOneCannotBeTidiedUpTheOthersAre() throws Exception {
    Part part = new Part(video("a.mp4", 60, 0), 0, Long.MAX_VALUE);
    List<Piece> pieces =
        List.of(
            new Piece(0, 6_000_000, folder.resolve("1.mp4")),
            new Piece(0, 6_000_000, folder.resolve("2.mp4")));
    Path unfinished = folder.resolve("1.mp4.tmp");
    assertThatThrownBy(
            () ->
                ClipCutter.cut(
                    List.of(part),
                    pieces,
                    () -> Files.exists(folder.resolve("2.mp4.tmp")) && isInTheWay(unfinished)))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("was stopped")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(files()).containsExactly("1.mp4.tmp", "a.mp4");
  }

  /** Puts a folder that is not empty in a file's place. */
  private static boolean isInTheWay(Path file) {
    try {
      Files.delete(file);
      Files.createDirectory(file);
      Files.createFile(file.resolve("something"));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileSaysHowLongItIsAndWhatItHolds() {
    try (MediaFile file = MediaFile.open(video("a.mp4", 30, 0))) {
      assertThat(file.durationUs()).isEqualTo(3_000_000);
      assertThat(file.isH264()).isTrue();
      assertThat(file.sound()).isEmpty();
    }
  }

  private Path video(String name, int frames, int bFrames) {
    return VideoMaker.with("libx264")
        .frames(10, frames)
        .bFrames(bFrames)
        .write(folder.resolve(name));
  }

  private List<String> files() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertIndexInFront(Path clip) throws Exception {
    String bytes = new String(Files.readAllBytes(clip), StandardCharsets.ISO_8859_1);
    assertThat(bytes.indexOf("moov")).isPositive().isLessThan(bytes.indexOf("mdat"));
  }

  /** The pictures as a player sees them; their numbers are painted, and begin anew after 31. */
  private static List<Shown> shown(Path clip) {
    List<Shown> shown = new ArrayList<>();
    PlayedFrames.forEach(
        clip,
        frame -> {
          byte[] row = new byte[frame.image().width()];
          frame.image().copyRow(0, 0, row);
          int number = Math.round(((row[0] & 255) - 40) / 5f);
          shown.add(new Shown(frame.ptsUs(), Math.floorMod(number, 32)));
        });
    return shown;
  }
}
