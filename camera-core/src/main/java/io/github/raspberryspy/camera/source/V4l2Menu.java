package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.natives.v4l2.BufferType;
import io.github.raspberryspy.natives.v4l2.FourCc;
import io.github.raspberryspy.natives.v4l2.FrameSize;
import io.github.raspberryspy.natives.v4l2.Interval;
import io.github.raspberryspy.natives.v4l2.V4l2Offers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a camera offers of what can be taken, and the choice from it.
 *
 * @param name the camera's, for messages
 * @param dishes what it offers, in its own order
 */
record V4l2Menu(String name, List<Dish> dishes) {

  /** A camera that says 29.97 means 30. */
  private static final double FAST_ENOUGH = 0.95;

  private static final int MANY = 12;

  /**
   * A format, with its sizes; none where the camera does not list them.
   *
   * @param fps most frames per second at the size that is wanted; 0 where it does not say
   */
  record Dish(V4l2Pixels kind, FourCc code, List<FrameSize> sizes, double fps) {

    boolean has(int width, int height) {
      return sizes.isEmpty() || sizes.stream().anyMatch(s -> s.contains(width, height));
    }

    private boolean isFast(double wanted) {
      return fps == 0 || fps >= wanted * FAST_ENOUGH;
    }
  }

  /**
   * What is wanted.
   *
   * @param kind empty for the best
   * @param framesOnly whether H.264 would have to be decoded at once
   */
  record Wish(Optional<V4l2Pixels> kind, int width, int height, double fps, boolean framesOnly) {

    /** The cheapest to record first. */
    private Comparator<Dish> order() {
      return Comparator.comparing((Dish d) -> framesOnly && d.kind() == V4l2Pixels.H264)
          .thenComparing(Dish::kind);
    }
  }

  /** Asks a device what it has. */
  static V4l2Menu of(String name, V4l2Offers offers, BufferType type, Wish wish) {
    List<Dish> dishes = new ArrayList<>();
    for (V4l2Offers.Format format : offers.formats(type)) {
      V4l2Pixels.of(format.pixels())
          .ifPresent(kind -> dishes.add(dish(kind, format.pixels(), offers, wish)));
    }
    return new V4l2Menu(name, dishes);
  }

  private static Dish dish(V4l2Pixels kind, FourCc code, V4l2Offers offers, Wish wish) {
    double fps =
        offers.intervals(code, wish.width(), wish.height()).stream()
            .mapToDouble(Interval::fps)
            .max()
            .orElse(0);
    return new Dish(kind, code, offers.sizes(code), fps);
  }

  /**
   * The best of what fulfils a wish: fast enough if any is, then in the order of {@link
   * V4l2Pixels}.
   *
   * @throws CameraException of kind FORMAT_UNSUPPORTED, which lists what there is
   */
  Dish choose(Wish wish) {
    List<Dish> ofKind =
        dishes.stream()
            .filter(d -> wish.kind().isEmpty() || wish.kind().get() == d.kind())
            .toList();
    if (ofKind.isEmpty()) {
      throw unsupported(
          name
              + " does not offer format \""
              + wish.kind().map(V4l2Pixels::text).orElse("auto")
              + "\"; it offers "
              + (dishes.isEmpty() ? "none that can be taken" : kinds(dishes)));
    }
    List<Dish> ofSize = ofKind.stream().filter(d -> d.has(wish.width(), wish.height())).toList();
    if (ofSize.isEmpty()) {
      throw unsupported(
          name
              + " does not offer "
              + wish.width()
              + "x"
              + wish.height()
              + " in "
              + kinds(ofKind)
              + "; it offers "
              + sizes(ofKind));
    }
    List<Dish> fast = ofSize.stream().filter(d -> d.isFast(wish.fps())).toList();
    Comparator<Dish> fastest = Comparator.comparingDouble(Dish::fps).reversed();
    return (fast.isEmpty() ? ofSize : fast)
        .stream()
            .min(fast.isEmpty() ? fastest.thenComparing(wish.order()) : wish.order())
            .orElseThrow();
  }

  private static String kinds(List<Dish> dishes) {
    return dishes.stream().map(d -> d.kind().text()).distinct().collect(Collectors.joining(", "));
  }

  private static String sizes(List<Dish> dishes) {
    List<String> sizes =
        dishes.stream()
            .flatMap(d -> d.sizes().stream())
            .map(FrameSize::toString)
            .distinct()
            .toList();
    return sizes.stream().limit(MANY).collect(Collectors.joining(", "))
        + (sizes.size() > MANY ? " and " + (sizes.size() - MANY) + " more" : "");
  }

  private static CameraException unsupported(String sentence) {
    return new CameraException(Kind.FORMAT_UNSUPPORTED, sentence);
  }
}
