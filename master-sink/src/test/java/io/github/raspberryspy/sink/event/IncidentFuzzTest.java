package io.github.raspberryspy.sink.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.raspberryspy.segments.ManifestException;
import java.nio.charset.StandardCharsets;

/** An incident of the database is read, or refused in a sentence; nothing else happens. */
class IncidentFuzzTest {

  @FuzzTest
  void incident(byte[] data) {
    try {
      Incident incident = IncidentCodec.decode(new String(data, StandardCharsets.UTF_8));
      assertThat(IncidentCodec.decode(IncidentCodec.encode(incident))).isEqualTo(incident);
    } catch (ManifestException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
