package io.github.raspberryspy.daemon.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Somebody who looks at the footage, saves some, deletes some, and has some back. */
final class People {

  private final Stage stage;
  private final History history;
  private final Random random;

  private interface Deed {
    void with(Person person) throws IOException, InterruptedException;
  }

  People(Stage stage, History history, Random random) {
    this.stage = stage;
    this.history = history;
    this.random = random;
  }

  /** Saves a segment, or gives one up. */
  void save() throws InterruptedException {
    act(
        person -> {
          List<Person.Listed> all = person.list();
          if (!all.isEmpty()) {
            save(person, all.get(random.nextInt(all.size())).id(), random.nextInt(4) > 0);
          }
        });
  }

  private void save(Person person, String id, boolean saved)
      throws IOException, InterruptedException {
    history.add(new Seen.SaveAsked(id, saved));
    if (person.save(id, saved)) {
      history.add(new Seen.SaveDone(id, saved));
    }
  }

  /** Deletes a segment, or tries to if it is saved. */
  void delete() throws InterruptedException {
    act(person -> trash(person, person.list(), true));
  }

  /** Has back what was deleted. */
  void restore() throws InterruptedException {
    act(person -> trash(person, person.trash(), false));
  }

  private void trash(Person person, List<Person.Listed> from, boolean deleted)
      throws IOException, InterruptedException {
    if (!from.isEmpty()) {
      String id = from.get(random.nextInt(from.size())).id();
      history.add(new Seen.TrashAsked(id, deleted));
      if (person.trash(id, deleted)) {
        history.add(new Seen.TrashDone(id, deleted));
      }
    }
  }

  private void act(Deed deed) throws InterruptedException {
    try {
      Optional<Person> person = stage.masters().person();
      if (person.isPresent()) {
        deed.with(person.get());
      }
    } catch (IOException e) {
      history.add(new Seen.Broken("a person got no answer: " + e));
    }
  }
}
