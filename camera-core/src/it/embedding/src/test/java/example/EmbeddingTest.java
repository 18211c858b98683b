package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {

  @TempDir Path folder;

  @Test
  void fiveLinesRecordACameraForThreeSeconds() throws Exception {
    Embedding.record("test://?size=320x240&fps=30&frames=90", folder);
    List<SealedSegment> sealed = Spool.open(folder, "camera").sealed();
    assertEquals(1, sealed.size());
    SealedSegment segment = sealed.get(0);
    FragmentedMp4 file = FragmentedMp4.scan(segment.files().video());
    assertTrue(file.isWhole());
    assertTrue(file.startsWithKeyframe());
    assertEquals(segment.manifest().frames(), file.frames());
    long missing =
        segment.manifest().gaps().stream()
            .mapToLong(gap -> Math.round((gap.end().toEpochMilli() - gap.start().toEpochMilli()) * 0.03))
            .sum();
    long accounted = file.frames() + missing; // but for what a busy machine dropped at the very end
    assertTrue(accounted > 60 && accounted <= 90, accounted + " of 90 frames are accounted for");
  }

  @Test
  void whatTheSourceIsNotMadeToWaitForIsWhole() throws Exception {
    Embedding.record("test://?size=320x240&fps=30&frames=90&realtime=false", folder);
    assertEquals(1, Embedding.read(folder).size());
    assertEquals(90, Spool.open(folder, "camera").sealed().get(0).manifest().frames());
  }

  @Test
  void framesAreSeenWhereTheyAreAndKeptByWhoeverSharesThem() throws Exception {
    String address = "test://?size=320x240&realtime=false&frames=30";
    assertTrue(Embedding.brightest(address) > 0);
    assertEquals(29, Embedding.onAThreadOfItsOwn(address));
  }

  @Test
  void aListenerHearsOfSegments() throws Exception {
    List<String> news = Embedding.watch("test://?size=320x240&realtime=false&frames=30", folder);
    assertEquals(2, news.size(), news.toString());
    assertTrue(news.get(0).startsWith("sealed " + folder), news.toString());
    assertEquals("30 frames", news.get(1));
  }

  @Test
  void theLibraryPullsNeitherOpencvNorAServer() {
    for (String absent :
        List.of(
            "org.bytedeco.opencv.opencv_core.Mat",
            "org.bytedeco.javacv.Frame",
            "org.eclipse.jetty.server.Server",
            "org.sqlite.JDBC")) {
      assertThrows(ClassNotFoundException.class, () -> Class.forName(absent));
    }
  }
}
