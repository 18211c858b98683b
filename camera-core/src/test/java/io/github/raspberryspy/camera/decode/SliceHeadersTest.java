package io.github.raspberryspy.camera.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.camera.Mutations;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.decode.PictureFacts.Kind;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SliceHeadersTest {

  private final SliceHeaders headers = new SliceHeaders();

  private List<PictureFacts> read(List<Packet> film) {
    List<PictureFacts> facts = new ArrayList<>();
    film.forEach(packet -> facts.add(headers.read(packet).orElseThrow()));
    return facts;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qp=30:cabac=1:weightp=2:ref=3",
        "qp=30:cabac=0:weightp=0",
        "qp=30:slices=2:weightp=1",
        "qp=30:8x8dct=1:cqm=jvt:nal-hrd=none",
        "qp=30:interlaced=1:ref=2"
      })
  void theQuantiserIsReadOfWhateverX264Writes(String parameters) {
    List<Packet> film = VideoMaker.with("libx264").frames(10, 30).x264(parameters).packets();
    List<PictureFacts> facts = read(film);
    for (int i = 0; i < film.size(); i++) {
      PictureFacts picture = facts.get(i);
      assertThat(picture.kind()).isEqualTo(i % 10 == 0 ? Kind.INTRA : Kind.PREDICTED);
      assertThat(picture.continues()).isTrue();
      if (picture.kind() == Kind.PREDICTED) {
        // Slices begin with a start code of 3 or 4 bytes, which is none of theirs; fields are two.
        double bytes = Math.exp(picture.effort()) / Math.pow(2, 30 / 6.0);
        assertThat(bytes).isCloseTo(film.get(i).sizeBytes(), within(13.0));
      }
    }
  }

  @Test
  void pictureThatOthersBuildOnAreToldFromThoseThatNoneDoes() {
    List<PictureFacts> facts =
        read(
            VideoMaker.with("libx264")
                .frames(10, 30)
                .bFrames(2)
                .x264("qp=30:b-pyramid=none:weightb=1:ref=2")
                .packets());
    assertThat(facts).filteredOn(f -> f.kind() == Kind.BIPREDICTED).hasSizeGreaterThan(14);
    assertThat(facts).allMatch(f -> f.isReference() == (f.kind() != Kind.BIPREDICTED));
    assertThat(facts).allMatch(PictureFacts::continues);
  }

  @Test
  void openH264IsReadToo() {
    List<PictureFacts> facts = read(VideoMaker.with("libopenh264").frames(10, 30).packets());
    assertThat(facts).hasSize(30).allMatch(PictureFacts::continues);
    assertThat(facts).filteredOn(f -> f.kind() == Kind.INTRA).hasSize(3);
  }

  @Test
  void pictureThatIsMissingIsNoticed() {
    List<Packet> film = new ArrayList<>(VideoMaker.with("libx264").frames(10, 20).packets());
    film.remove(13);
    List<PictureFacts> facts = read(film);
    for (int i = 0; i < facts.size(); i++) {
      assertThat(facts.get(i).continues()).as("picture %d", i).isEqualTo(i != 13);
    }
  }

  @Test
  void otherParameterSetsAreAnotherStream() {
    List<Packet> film = new ArrayList<>(VideoMaker.with("libx264").frames(10, 10).packets());
    film.addAll(VideoMaker.with("libx264").frames(10, 10).x264("ref=4:bframes=0").packets());
    List<PictureFacts> facts = read(film);
    for (int i = 0; i < facts.size(); i++) {
      assertThat(facts.get(i).isAnotherStream()).as("picture %d", i).isEqualTo(i == 10);
    }
  }

  @Test
  void parameterSetsUnderAnotherNumberAreAnotherStreamAndSoAreTheOldOnesAgain() {
    List<Packet> film = new ArrayList<>(VideoMaker.with("libx264").frames(10, 10).packets());
    film.addAll(VideoMaker.with("libx264").frames(10, 10).x264("ref=4:sps-id=1").packets());
    film.addAll(VideoMaker.with("libx264").frames(10, 10).packets());
    List<PictureFacts> facts = read(film);
    for (int i = 0; i < facts.size(); i++) {
      boolean isAnother = facts.get(i).isAnotherStream();
      assertThat(isAnother).as("picture %d", i).isEqualTo(i == 10 || i == 20);
    }
  }

  @Test
  void theSameParameterSetsUnderAnotherNumberAreTheSameStream() {
    List<Packet> film = new ArrayList<>(VideoMaker.with("libx264").frames(10, 10).packets());
    film.addAll(VideoMaker.with("libx264").frames(10, 10).x264("sps-id=1").packets());
    assertThat(read(film)).noneMatch(PictureFacts::isAnotherStream);
  }

  @Test
  void slicesAreNotReadByParameterSetsThatWereReplacedByWhatCannotBeRead() {
    List<Packet> film = VideoMaker.with("libx264").frames(10, 3).packets();
    read(film.subList(0, 2));
    byte[] set = {0, 0, 0, 1, 0x67, 66, 0, 10, (byte) 0x80}; // of number 0, and cut short
    assertThat(headers.read(new Packet(set, 2, 2, 1, false))).isEmpty();
    assertThat(headers.read(film.get(2))).isEmpty();
  }

  @Test
  void sliceWithoutItsParameterSetsTellsNothing() {
    Packet second = VideoMaker.with("libx264").frames(10, 3).packets().get(1);
    assertThat(headers.read(second)).isEmpty();
  }

  @Test
  void damageIsNothingWorseThanUnread() {
    List<Packet> film = VideoMaker.with("libx264").frames(10, 12).bFrames(1).packets();
    Mutations mutations = new Mutations(5);
    for (int i = 0; i < Mutations.rounds(20_000); i++) {
      Packet good = film.get(i % film.size());
      byte[] bad = mutations.mutate(good.array());
      if (bad.length > 0) {
        headers.read(new Packet(bad, i, i, 1, good.isKeyframe()));
      }
    }
    assertThat(read(film)).hasSize(12);
  }
}
