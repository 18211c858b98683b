package io.github.raspberryspy.sink.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.segments.wire.LiveMessage.Fragment;
import io.github.raspberryspy.segments.wire.LiveMessage.Init;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a player is told of a stream. */
class PlaylistTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final Pattern LENGTH = Pattern.compile("#EXTINF:([0-9.]+),");

  private final Playlist list = new Playlist(100);
  private long us;

  private void begin() {
    us = 0;
    list.offer(new Init("avc1.64001f", 320, 240, NOON, ByteBuffer.wrap(new byte[] {9})));
  }

  /** This many seconds at ten pictures a second, with a keyframe every so many pictures. */
  private void film(double seconds, int gop, int bytes) {
    for (int i = 0; i < Math.round(seconds * 10); i++) {
      list.offer(
          new Fragment(
              i % gop == 0, us, NOON.plusNanos(us * 1000), ByteBuffer.wrap(new byte[bytes])));
      us += 100_000;
    }
  }

  private String text() throws InterruptedException {
    return list.text(Duration.ZERO).orElse("");
  }

  private static void assertHonest(String text) {
    long target = Long.parseLong(text.replaceAll("(?s).*TARGETDURATION:([0-9]+).*", "$1"));
    Matcher length = LENGTH.matcher(text);
    while (length.find()) {
      assertThat(Math.round(Double.parseDouble(length.group(1)))).isBetween(0L, target);
    }
  }

  @Test
  void thePlaylistNamesTheLatestSegmentsFromKeyframeToKeyframe() throws Exception {
    begin();
    film(1.5, 10, 8);
    assertThat(text()).as("one segment may be played before the next is there").isEmpty();
    film(10, 10, 8);
    String text = text();
    assertThat(text)
        .startsWith("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:")
        .contains("#EXT-X-MAP:URI=\"live/init-100.mp4\"\n")
        .contains("#EXTINF:1.000,\nlive/")
        .doesNotContain("ENDLIST");
    assertThat(text.split("\\.m4s", -1)).hasSize(Playlist.LISTED + 1);
    assertThat(list.head(100)).contains(List.of(ByteBuffer.wrap(new byte[] {9})));
    long first = Long.parseLong(text.replaceAll("(?s).*MEDIA-SEQUENCE:([0-9]+).*", "$1"));
    assertThat(list.segment(first).orElseThrow()).hasSize(10);
    assertThat(list.segment(first - 1)).as("a player may still ask for it").isPresent();
    assertThat(list.segment(100)).isEmpty();
    assertHonest(text);
  }

  @Test
  void noSegmentIsLongerThanTheFirstPlaylistPromised() throws Exception {
    begin();
    film(3, 10, 8); // a keyframe a second
    film(12, 100, 8); // and then one in ten
    assertThat(text()).contains("TARGETDURATION:1\n");
    assertHonest(text());
    Playlist slow = new Playlist(1);
    slow.offer(new Init("avc1.64001f", 320, 240, NOON, ByteBuffer.wrap(new byte[] {9})));
    for (int i = 0; i < 20; i++) { // a picture a second, a keyframe once
      slow.offer(new Fragment(i == 0, i * 1_000_000L, NOON, ByteBuffer.wrap(new byte[8])));
    }
    String text = slow.text(Duration.ZERO).orElseThrow();
    assertThat(text).contains("TARGETDURATION:4\n");
    assertHonest(text);
  }

  @Test
  void aStreamThatBeginsAnewOrHasAHoleIsToldApart() throws Exception {
    begin();
    film(2, 10, 8);
    begin();
    film(2.1, 10, 8);
    String anew = text();
    assertThat(anew.indexOf("init-100.mp4")).isLessThan(anew.indexOf("#EXT-X-DISCONTINUITY\n"));
    assertThat(anew.indexOf("#EXT-X-DISCONTINUITY\n")).isLessThan(anew.indexOf("init-102.mp4"));
    us += 7_000_000; // the link was away
    film(2.1, 10, 8);
    assertThat(text().split("#EXT-X-DISCONTINUITY\n", -1)).hasSize(3);
    assertHonest(text());
    film(20, 10, 8);
    assertThat(text()).contains("#EXT-X-DISCONTINUITY-SEQUENCE:2\n");
  }

  @Test
  void whatIsKeptIsBounded() throws Exception {
    begin();
    film(60, 10, 1 << 20); // 10 MB a second
    long kept = 0;
    for (long number = 100; number < 1000; number++) {
      kept +=
          list.segment(number).orElse(List.of()).stream().mapToLong(ByteBuffer::remaining).sum();
    }
    assertThat(kept).isBetween(1L, Playlist.MOST_BYTES);
    assertHonest(text());
  }

  @Test
  void picturesOfAByteEachAreBoundedToo() {
    begin();
    for (int i = 0; i < 1_000_000; i++) {
      list.offer(new Fragment(i == 0, us++, NOON, ByteBuffer.wrap(new byte[] {7})));
    }
    long kept = 0;
    for (long number = 100; number < 1000; number++) {
      kept += list.segment(number).orElse(List.of()).size();
    }
    assertThat(kept * LiveMessage.HEAD_BYTES).isBetween(1L, Playlist.MOST_BYTES);
  }

  @Test
  void whoWaitsIsToldWhenTheMasterStops() throws Exception {
    list.close("the master is stopping");
    assertThat(list.text(Duration.ofMinutes(5))).isEmpty();
  }
}
