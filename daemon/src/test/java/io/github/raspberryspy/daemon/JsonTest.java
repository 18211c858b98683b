package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines for programs. */
class JsonTest {

  private enum Word {
    STARTED
  }

  @Test
  void fieldsComeInTheirOrder() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("z", 1);
    fields.put("a", 9_007_199_254_740_993L);
    fields.put("m", true);
    assertThat(Json.encode(fields)).isEqualTo("{\"z\":1,\"a\":9007199254740993,\"m\":true}");
    assertThat(Json.encode(Map.of())).isEqualTo("{}");
  }

  @Test
  void mapsAndListsNest() {
    assertThat(Json.encode(Map.of("a", List.of(Map.of("b", List.of()), List.of(1, "x")))))
        .isEqualTo("{\"a\":[{\"b\":[]},[1,\"x\"]]}");
  }

  @Test
  void nothingIsNullAndNotAWord() {
    assertThat(Json.encode(Collections.singletonMap("a", null))).isEqualTo("{\"a\":null}");
  }

  @Test
  void whatIsNoNumberInJsonIsNoNumber() {
    assertThat(Json.encode(Map.of("a", 0.25))).isEqualTo("{\"a\":0.25}");
    assertThat(Json.encode(Map.of("a", 0.5f))).isEqualTo("{\"a\":0.5}");
    assertThat(Json.encode(Map.of("a", Double.NaN))).isEqualTo("{\"a\":null}");
    assertThat(Json.encode(Map.of("a", Double.POSITIVE_INFINITY))).isEqualTo("{\"a\":null}");
  }

  @Test
  void otherValuesAreTheirText() {
    assertThat(Json.encode(Map.of("a", Path.of("x", "y\"z")))).isEqualTo("{\"a\":\"x/y\\\"z\"}");
    assertThat(Json.encode(Map.of("a", URI.create("http://h/?a=b"))))
        .isEqualTo("{\"a\":\"http://h/?a=b\"}");
    assertThat(Json.encode(Map.of("a", Instant.EPOCH)))
        .isEqualTo("{\"a\":\"1970-01-01T00:00:00Z\"}");
    assertThat(Json.encode(Map.of("a", Word.STARTED))).isEqualTo("{\"a\":\"STARTED\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\r\t\b\f\0", "\"\\/", "Tür", "\u2028", "📷", "</script>"})
  void anyTextComesBackFromOneLineOfAscii(String text) throws Exception {
    String line = Json.encode(Map.of(text, text));
    assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 127);
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      parser.nextToken();
      assertThat(parser.nextFieldName()).isEqualTo(text);
      assertThat(parser.nextTextValue()).isEqualTo(text);
    }
  }
}
