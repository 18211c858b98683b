package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.s3.S3Bucket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Footage that lies in a bucket of a real server, as one file. */
class BucketExportTest extends BucketFixture {

  @Test
  void footageInABucketIsExportedAsFilesAre() throws Exception {
    Filmed filmed = new Filmed(folder);
    List<String> frames = new ArrayList<>();
    S3Bucket store = store();
    try (TestMaster master = TestMaster.start(footage, m -> m.minFreeBytes(0).store(store))) {
      for (int i = 0; i < 3; i++) {
        Footage.Clip clip = filmed.clip(i, "640x480");
        master.camera("front").upload(clip);
        frames.addAll(filmed.frames(clip.bytes()));
      }
      TestPerson person = new TestPerson(master.server());
      String path = "/api/v1/cameras/front/export.mp4?from=" + Filmed.at(1) + "&to=" + Filmed.at(5);
      byte[] file = person.bytes(person.request(path)).body();

      assertThat(filmed.frames(file)).isEqualTo(frames.subList(7, 50));
    }
  }
}
