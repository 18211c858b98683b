package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** The note beside an upload is read, or called damaged; nothing else happens. */
class UploadInfoFuzzTest {

  @FuzzTest
  void note(byte[] data) throws IOException {
    UploadInfo info;
    try {
      info = UploadInfo.decode(data);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(UploadInfo.decode(info.encode())).isEqualTo(info);
  }
}
