package io.github.raspberryspy.daemon;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.openqa.selenium.JavascriptExecutor;

/**
 * How old live pictures are when a browser shows them, in milliseconds: read from the pixels, in
 * which a {@code test:} source with {@code timecode=true} says when each was filmed.
 *
 * @param sorted the ages, the smallest first
 */
record PictureAges(List<Double> sorted) {

  /** Reads the coded strip of what a video shows; null where it is not legible. */
  private static final String READ =
      """
      const CELLS = 48, canvas = new OffscreenCanvas(CELLS * 4, 2);
      const pen = canvas.getContext('2d', { willReadFrequently: true });
      const code = (video) => {
        const { videoWidth: w, videoHeight: h } = video;
        pen.drawImage(video, 0, h - h / 96, w, h / 192, 0, 0, CELLS * 4, 2);
        const { data } = pen.getImageData(0, 0, CELLS * 4, 1);
        const light = (cell) => data[(cell * 4 + 2) * 4] > 84;
        if (!light(0) || light(1) || light(46) || !light(47)) return null;
        let number = 0, crc = 0xfff, told = 0;
        for (let i = 2; i < 34; i++) {
          number = number * 2 + Number(light(i));
          const top = (crc >>> 11) ^ Number(light(i));
          crc = (crc << 1) & 0xfff;
          if (top) crc ^= 0x80f;
        }
        for (let i = 34; i < 46; i++) told = told * 2 + Number(light(i));
        return told === crc ? number : null;
      };
      const age = (number, shown) => {
        const late = (performance.timeOrigin + shown) % 2 ** 32 - number;
        return late < -(2 ** 31) ? late + 2 ** 32 : late;
      };
      """;

  private static final String MEASURE =
      READ
          + """
          const [selector, ms, done] = arguments;
          const ages = [];
          let video = null;
          const look = (now, { expectedDisplayTime }) => {
            const number = code(video);
            if (number !== null) ages.push(age(number, expectedDisplayTime));
            video.requestVideoFrameCallback(look);
          };
          // Another one may take its place.
          const watch = setInterval(() => {
            const latest = document.querySelector(selector);
            if (latest && latest !== video) (video = latest).requestVideoFrameCallback(look);
          }, 20);
          setTimeout(() => {
            clearInterval(watch);
            done(ages.sort((a, b) => a - b));
          }, ms);
          """;

  /** From pressing something to the first legible picture of a video that comes of it, in ms. */
  private static final String FIRST =
      READ
          + """
          const [press, selector, done] = arguments;
          const begin = performance.now();
          document.querySelector(press).click();
          const wait = () => {
            const video = document.querySelector(selector);
            if (!video) requestAnimationFrame(wait);
            else video.requestVideoFrameCallback((now, { expectedDisplayTime }) =>
              code(video) === null ? wait() : done(expectedDisplayTime - begin));
          };
          wait();
          """;

  /** Watches a video for so long. */
  static PictureAges of(JavascriptExecutor page, String video, Duration time) {
    List<?> ages = (List<?>) page.executeAsyncScript(MEASURE, video, time.toMillis());
    return new PictureAges(ages.stream().map(age -> ((Number) age).doubleValue()).toList());
  }

  /** Watches a video for so long, in two pieces or more, of a minute at the most. */
  static List<PictureAges> inTurn(JavascriptExecutor page, String video, Duration time) {
    int pieces = (int) Math.max(2, time.toMinutes());
    return Stream.generate(() -> of(page, video, time.dividedBy(pieces))).limit(pieces).toList();
  }

  /** From pressing something to the first picture, in milliseconds. */
  static double firstPicture(JavascriptExecutor page, String press, String video) {
    return ((Number) page.executeAsyncScript(FIRST, press, video)).doubleValue();
  }

  /** What this share of them is not above. */
  double percentile(int percent) {
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }

  @Override
  public String toString() {
    return String.format(
        "%d pictures, p50 %.0f ms, p95 %.0f ms", sorted.size(), percentile(50), percentile(95));
  }
}
