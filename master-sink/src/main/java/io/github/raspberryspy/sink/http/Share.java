package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many requests of one camera, of one session, of one person, and of all people are at work at
 * one time: a credential that was stolen, or a camera gone wild, takes its own share of the threads
 * and leaves the others theirs: each camera has some of its own. With the quarter that strangers
 * may hold (see {@link Doorkeeper}), a quarter is left for cameras, whatever people do; and owners
 * can always see to it who may come in. Thread-safe.
 */
final class Share {

  /** Of one camera, or of one person: of the server's threads, a quarter. */
  static final int MOST = HttpServer.MOST_THREADS / 4;

  /** Of one session; a browser has six requests under way. */
  static final int MOST_OF_SESSION = HttpServer.MOST_THREADS / 8;

  /** Of one camera, whatever others do: three uploads, the one that grows, and what is small. */
  static final int OWN_OF_CAMERA = HttpServer.MOST_THREADS / 16;

  /** Of all cameras, beyond what is their own. */
  static final int MOST_BEYOND = HttpServer.MOST_THREADS / 4;

  /** Of all people. */
  static final int MOST_OF_PEOPLE = HttpServer.MOST_THREADS / 2;

  /** Of all links to footage: strangers who watch take none of the threads that others need. */
  static final int MOST_OF_LINKS = 12;

  /** Of one link: whoever stops reading keeps what they have. */
  static final int MOST_OF_LINK = MOST_OF_LINKS / 2;

  /** Of those that are left for owners. */
  static final int OWNERS_RESERVE = HttpServer.MOST_THREADS / 8;

  private final Map<String, Integer> atWork = new ConcurrentHashMap<>();

  /** What has room for so many requests, and the words for that it has them. */
  private record Pot(String name, int most, String has) {}

  /** One request at work. */
  @FunctionalInterface
  interface Place extends AutoCloseable {
    /** Another one has room now. */
    @Override
    void close();
  }

  /**
   * One more of a camera.
   *
   * @throws Problem 429 if that is too many
   */
  Place ofCamera(String camera) {
    String has = "camera " + camera + " has";
    Pot own = new Pot("camera " + camera, OWN_OF_CAMERA, has);
    return enters(own)
        ? () -> leave(List.of(own))
        : take(
            List.of(
                new Pot("beyond " + camera, MOST - OWN_OF_CAMERA, has),
                new Pot("cameras", MOST_BEYOND, "cameras have")));
  }

  /**
   * One more of a person.
   *
   * @throws Problem 429 if that is too many
   */
  Place of(KnownSession session) {
    List<Pot> pots = new ArrayList<>();
    pots.add(new Pot(session.hash(), MOST_OF_SESSION, "this session has"));
    session.person().ifPresent(who -> pots.add(new Pot("person " + who.id(), MOST, "you have")));
    pots.add(ofAll(session.role() == Role.OWNER ? 0 : OWNERS_RESERVE));
    return take(pots);
  }

  /**
   * One more of a connection that was let in before, and now asks for what is public.
   *
   * @param whose it is, by the doorkeeper
   * @throws Problem 429 if that is too many
   */
  Place ofKnown(String whose) {
    return take(
        List.of(new Pot("public " + whose, MOST_OF_SESSION, "you have"), ofAll(OWNERS_RESERVE)));
  }

  /**
   * One more by a link to footage.
   *
   * @throws Problem 429 if that is too many
   */
  Place ofLink(String link) {
    return take(
        List.of(
            new Pot("link " + link, MOST_OF_LINK, "this link has"),
            new Pot("links", MOST_OF_LINKS, "links have")));
  }

  private static Pot ofAll(int spared) {
    return new Pot("people", MOST_OF_PEOPLE - spared, "people have");
  }

  private Place take(List<Pot> pots) {
    List<Pot> taken = new ArrayList<>();
    for (Pot pot : pots) {
      if (!enters(pot)) {
        leave(taken);
        throw new Problem(
            429, pot.has + " " + pot.most + " requests under way; wait for one of them");
      }
      taken.add(pot);
    }
    return () -> leave(taken);
  }

  private boolean enters(Pot pot) {
    boolean enters = atWork.merge(pot.name, 1, Integer::sum) <= pot.most;
    if (!enters) {
      leave(List.of(pot));
    }
    return enters;
  }

  private void leave(List<Pot> taken) {
    taken.forEach(pot -> atWork.computeIfPresent(pot.name, (name, n) -> n == 1 ? null : n - 1));
  }
}
