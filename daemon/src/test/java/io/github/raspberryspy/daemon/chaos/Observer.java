package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Looks at spools and at the master's listing, again and again, and notes what is new. */
final class Observer implements AutoCloseable {

  private static final long PAUSE_MILLIS = 50;
  private static final int LOOKS_PER_LISTING = 15;

  private final History history;
  private final List<Path> spools;
  private final Supplier<Optional<Person>> person;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "observer");

  private final Map<Path, Map<Path, String>> sealed =
      new HashMap<>(); // observer's own from here on
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> recorded = new HashSet<>();
  private final Map<String, String> visible = new HashMap<>();
  private int asked; // what had been seen when the last listing was asked for
  private volatile RuntimeException problem;

  Observer(History history, List<Path> spools, Supplier<Optional<Person>> person) {
    this.history = history;
    this.spools = spools;
    this.person = person;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (int look = 0; !over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS); look++) {
        spools.forEach(this::lookAt);
        if (look % LOOKS_PER_LISTING == 0) {
          ask();
        }
      }
    } catch (RuntimeException e) {
      problem = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookAt(Path spool) {
    Map<Path, String> known = sealed.computeIfAbsent(spool, s -> new HashMap<>());
    List<Path> here = Spools.sealed(spool);
    for (Path file : here) {
      if (!known.containsKey(file)) {
        SegmentManifest manifest = Spools.manifestOrNull(file);
        if (manifest != null) {
          String id = manifest.id().toString();
          known.put(file, id);
          if (recorded.add(id)) {
            history.add(new Seen.Recorded(manifest));
          }
        }
      }
    }
    Spools.files(spool, Spools.RECEIPT).forEach(this::noteReceipt);
    known
        .entrySet()
        .removeIf(
            one -> {
              boolean isGone = !here.contains(one.getKey()) && !Files.exists(one.getKey());
              if (isGone) {
                history.add(new Seen.Deleted(one.getValue()));
              }
              return isGone;
            });
  }

  private void noteReceipt(Path file) {
    try {
      String id = Receipt.decode(Files.readAllBytes(file)).id().toString();
      if (acknowledged.add(id)) {
        history.add(new Seen.Acknowledged(id));
      }
    } catch (IOException e) {
      // reclaimed meanwhile, or what a kill left: the camera does not believe it either
    }
  }

  private void ask() throws InterruptedException {
    Optional<Person> somebody = person.get();
    if (somebody.isEmpty()) {
      return;
    }
    try {
      int since = history.size();
      Map<String, SegmentManifest> now = new HashMap<>();
      long used = 0;
      for (Person.Listed one : somebody.get().list()) {
        used += one.bytes();
        if (now.put(one.id(), one.manifest()) != null) {
          history.add(new Seen.Visible(one.manifest(), since)); // twice at once
        }
      }
      for (Person.Listed one : somebody.get().trash()) {
        used += one.bytes();
      }
      compare(now, since, used);
      asked = since;
    } catch (IOException e) {
      // the master is down, or is being killed
    }
  }

  private void compare(Map<String, SegmentManifest> now, int since, long used) {
    visible
        .entrySet()
        .removeIf(
            old -> {
              SegmentManifest here = now.get(old.getKey());
              boolean isGone = here == null || !old.getValue().equals(here.content().sha256());
              if (isGone) {
                history.add(new Seen.Hidden(old.getKey(), asked, here != null, used));
              }
              return isGone;
            });
    now.forEach(
        (id, manifest) -> {
          if (visible.put(id, manifest.content().sha256()) == null) {
            history.add(new Seen.Visible(manifest, since));
          }
        });
  }

  @Override
  public void close() throws InterruptedException {
    over.countDown();
    thread.join();
    if (problem != null) {
      throw problem;
    }
  }
}
