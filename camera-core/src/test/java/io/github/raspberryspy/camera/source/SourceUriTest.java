package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUriTest {

  @Test
  void takesAnAddressApart() {
    SourceUri uri = SourceUri.parse("FILE:///a%20b/film.mp4?loop=true&speed=1.5&note=a%26b+c%3Dd");
    assertThat(uri.scheme()).isEqualTo("file");
    assertThat(uri.path()).isEqualTo("/a b/film.mp4");
    assertThat(uri.hasHost()).isFalse();
    assertThat(uri.flag("loop", false)).isTrue();
    assertThat(uri.decimal("speed", 1, 0, 10)).isEqualTo(1.5);
    assertThat(uri.text("note", "")).isEqualTo("a&b c=d");
    assertThat(uri.text()).startsWith("FILE:///a%20b");
    assertThat(SourceUri.parse("rtsp://host:554/x").hasHost()).isTrue();
  }

  @Test
  void whatIsNotThereHasItsFallback() {
    SourceUri uri = SourceUri.parse("v4l2:///dev/video0");
    assertThat(uri.path()).isEqualTo("/dev/video0");
    assertThat(uri.integer("fps", 30, 1, 60)).isEqualTo(30);
    assertThat(uri.decimal("fps", 12.5, 1, 60)).isEqualTo(12.5);
    assertThat(uri.flag("loop", true)).isTrue();
    assertThat(uri.text("format", "yuyv")).isEqualTo("yuyv");
    assertThat(uri.size("size", "640x480", 1, 1000)).containsExactly(640, 480);
    uri.requireOnly();
  }

  @Test
  void aFlagNeedsNoValue() {
    SourceUri uri = SourceUri.parse("file:///x?loop&realtime=false");
    assertThat(uri.flag("loop", false)).isTrue();
    assertThat(uri.flag("realtime", true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://user:s3cret@host:8554/a/b?token=s3cret",
        "rtsp://user:s3cret@host:8554/a/b",
        "rtsp://s3cret@host:8554/a/b",
        "rtsp://user:p@s3cret@host:8554/a/b",
        "RTSP://user:s3cret%40@host:8554/a/b"
      })
  void itsNameShowsNoCredentials(String text) {
    assertThat(SourceUri.parse(text).toString()).isEqualTo("rtsp://host:8554/a/b");
    assertInvalid(() -> SourceUri.parse(text + (text.contains("?") ? "" : "?x=1")).requireOnly("y"))
        .message()
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rtsp://u:s3cret @host/", "rtsp://u:s3cret@host/?a=1&a=2", "//u:s3cret@host/"})
  void messagesOfWhatCannotBeReadShowNoCredentials(String text) {
    assertInvalid(() -> SourceUri.parse(text)).message().contains("host/").doesNotContain("s3cret");
  }

  @Test
  void aSchemeAloneIsAnAddress() {
    SourceUri uri = SourceUri.parse("test://");
    assertThat(uri.scheme()).isEqualTo("test");
    assertThat(uri.path()).isEmpty();
    uri.requireOnly();
  }

  @Test
  void anUnknownKeyIsNamedAndTheKnownOnesListedInOrder() {
    SourceUri uri = SourceUri.parse("test://?size=1x1&colour=red");
    assertInvalid(() -> uri.requireOnly("size", "fps", "objects"))
        .hasMessage(
            "source test:// does not know the key \"colour\"; known are [fps, objects, size]");
    uri.requireOnly("colour", "size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"test://?fps=1&fps=1", "test://?fps=1&%66ps=2", "test://?fps&fps=3"})
  void aKeyComesOnce(String text) {
    assertInvalid(() -> SourceUri.parse(text)).hasMessageContaining("\"fps\" twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/video0", "camera", "?fps=3"})
  void withoutASchemeTheKnownOnesAreListed(String text) {
    assertInvalid(() -> SourceUri.parse(text))
        .hasMessageContaining("file, libcamera, rpicam, rtsp, test, v4l2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"test://?fps=%zz", "file:///a b", "", "te st://"})
  void whatIsNoUriIsRefused(String text) {
    assertInvalid(() -> SourceUri.parse(text)).hasMessageContaining("\"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "61", "1.0", "3000000000", "", "ten", "0x10"})
  void aWholeNumberOutOfRangeIsRefused(String value) {
    SourceUri uri = SourceUri.parse("test://?fps=" + value);
    assertInvalid(() -> uri.integer("fps", 30, 1, 60))
        .hasMessage(
            "source test://: key \"fps\" is \""
                + value
                + "\"; allowed is a whole number from 1 to 60");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.9", "60.1", "NaN", "Infinity", "", "1,5"})
  void aNumberOutOfRangeIsRefused(String value) {
    SourceUri uri = SourceUri.parse("test://?fps=" + value);
    assertInvalid(() -> uri.decimal("fps", 30, 1, 60))
        .hasMessageContaining("\"fps\" is \"" + value + "\"; allowed is a number from 1.0 to 60.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"640", "640x", "x480", "640x480x2", "640X480", "-640x480", "9x480", "640x1001"})
  void aWrongSizeIsRefused(String value) {
    SourceUri uri = SourceUri.parse("test://?size=" + value);
    assertInvalid(() -> uri.size("size", "64x48", 10, 1000))
        .hasMessageContaining("\"size\" is \"" + value + "\"; allowed is WIDTHxHEIGHT");
  }

  @Test
  void aSchemeThatNobodyKnowsIsRefused() {
    assertInvalid(() -> Sources.create("gopher://user:s3cret@hole/"))
        .hasMessageContaining("\"gopher\"")
        .hasMessageContaining("file, libcamera, rpicam, rtsp, test, v4l2")
        .message()
        .doesNotContain("s3cret");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertInvalid(
      ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(CameraException.class)
        .extracting(e -> ((CameraException) e).kind())
        .isEqualTo(Kind.INVALID);
    return assertThatThrownBy(call);
  }

  /** Java takes them for addresses without a query: keys would be left unread. */
  @ParameterizedTest
  @ValueSource(strings = {"rpicam:0?fps=10", "libcamera:imx708?size=640x480", "test:?fps=1"})
  void anAddressWithoutItsSlashesIsRefusedSoThatNoKeyIsLost(String text) {
    assertInvalid(() -> SourceUri.parse(text))
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("://");
  }

  /** A password with a slash or a hash ends the host's place early, and the rest is no secret. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://user:s3cret/part@host/a",
        "rtsp://user:s3cret#part@host/a",
        "rtsp://user:s3cret?part@host/a?x=1"
      })
  void aPasswordThatMustBeEscapedIsNeverShown(String text) {
    assertInvalid(() -> SourceUri.parse(text))
        .hasMessageContaining("%2F")
        .message()
        .doesNotContain("s3cret");
  }
}
