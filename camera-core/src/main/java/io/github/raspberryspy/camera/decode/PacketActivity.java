package io.github.raspberryspy.camera.decode;

import java.util.HashMap;
import java.util.Map;

/**
 * Learns what the pictures of a stream cost while nothing moves, and tells those that cost more. An
 * encoder spends next to nothing on what stays as it was, so a body that comes in costs more than
 * the sensor's noise, whatever the encoder makes of its bitrate ({@link PictureFacts#effort}).
 *
 * <p>Judged are each picture by itself, and the means of some and of many, which a small body
 * raises too little to be told in any one. What is judged is unusual where it is beyond both the
 * scatter and the highest that was found calm lately. Pure; for one thread.
 */
final class PacketActivity {

  /** Beyond the mean by so many times the mean deviation, which is 0.8 standard deviations. */
  private static final double MOST_DEVIATIONS = 4;

  private static final double LEAST_DEVIATION = 0.01;

  /** What may be added to the highest that was found calm: so much more of the bytes. */
  private static final double MARGIN = 0.03;

  /** What was once found calm is forgotten by so much with each picture. */
  private static final double FORGETTING = 1 / 1000.0;

  /**
   * Quantisers that go together. Noise falls below the quantiser's step all at once: what it costs
   * at one says little of what it costs at another.
   */
  private static final int BAND = 2;

  private static final int ALL = Integer.MAX_VALUE;

  private static final int FIRST_PICTURES = 12;
  private static final double LEARNING = 1 / 100.0;

  /** What is further off than so many mean deviations counts as if it were so far. */
  private static final double OUTLIER = 3;

  /** What pictures have in common that cost about the same. */
  private record Likes(PictureFacts.Kind kind, boolean isReference, int band) {}

  /** Such pictures. */
  private static final class Group {
    private long pictures;
    private double mean;
    private double deviation;
    private double top = Double.NEGATIVE_INFINITY;

    boolean isKnown() {
      return pictures >= FIRST_PICTURES;
    }

    double score(double effort) {
      return (effort - mean) / Math.max(LEAST_DEVIATION, deviation);
    }

    void learn(double effort) {
      pictures++;
      if (pictures == 1) {
        mean = effort;
      }
      double rate = Math.max(LEARNING, 1.0 / pictures);
      double most = isKnown() ? OUTLIER * Math.max(LEAST_DEVIATION, deviation) : Double.MAX_VALUE;
      double off = Math.max(-most, Math.min(most, effort - mean));
      mean += rate * off;
      deviation += rate * (Math.abs(off) - deviation);
      top = Math.max(effort, top - FORGETTING * Math.abs(top - mean));
    }
  }

  /** A mean of the latest scores. */
  private static final class Drift {
    private final double rate;
    private final double least;
    private double mean;
    private double top;

    /**
     * Over about 1 / rate pictures.
     *
     * @param least never unusual below this; more than four standard deviations of pure chance
     */
    Drift(double rate, double least) {
      this.rate = rate;
      this.least = least;
    }

    void follow(double score) {
      mean += rate * (score - mean);
    }

    boolean isUnusual() {
      return mean > Math.max(least, 1.2 * top);
    }

    void learn() {
      top = Math.max(mean, top * (1 - FORGETTING));
    }
  }

  private final Map<Likes, Group> groups = new HashMap<>();
  private Drift some = new Drift(0, 0);
  private Drift many = new Drift(0, 0);

  PacketActivity() {
    forget();
  }

  /** Forgets everything: the stream is another one. */
  void forget() {
    groups.clear();
    some = new Drift(1 / 4.0, 2);
    many = new Drift(1 / 15.0, 1);
  }

  /**
   * Looks at the next picture.
   *
   * @return whether something may move, or nothing is known of such pictures
   */
  boolean isUnusual(PictureFacts facts) {
    Group group = group(facts);
    if (!group.isKnown()) {
      return true;
    }
    double score = group.score(facts.effort());
    follow(score);
    boolean stands = score > MOST_DEVIATIONS && facts.effort() > group.top + MARGIN;
    return stands || some.isUnusual() || many.isUnusual();
  }

  /** Learns from a picture of which is known that nothing moved in it. In the stream's order. */
  void learn(PictureFacts facts) {
    Group group = group(facts);
    if (group.isKnown()) {
      follow(group.score(facts.effort()));
      some.learn();
      many.learn();
    }
    close(facts).learn(facts.effort());
    group(facts, ALL).learn(facts.effort());
  }

  /** Those at about its quantiser, or, while little is known of them, all of its kind. */
  private Group group(PictureFacts facts) {
    Group close = close(facts);
    return close.isKnown() ? close : group(facts, ALL);
  }

  private Group close(PictureFacts facts) {
    return group(facts, Math.floorDiv(facts.quantiser(), BAND));
  }

  private Group group(PictureFacts facts, int band) {
    return groups.computeIfAbsent(
        new Likes(facts.kind(), facts.isReference(), band), likes -> new Group());
  }

  /** One picture that stands out is judged by itself; one that costs little makes up for none. */
  private void follow(double score) {
    double bounded = Math.max(-OUTLIER, Math.min(MOST_DEVIATIONS, score));
    some.follow(bounded);
    many.follow(bounded);
  }
}
