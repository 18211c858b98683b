package io.github.raspberryspy.segments.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What a power cut may leave of a disk, for every moment of its log: what was fsynced is there;
 * each change that was not is there, or is not, or, where it is a write, is there in some of its
 * sectors. So later changes may be there without earlier ones.
 */
public final class CrashStates {

  private static final int SECTOR = 512;

  /** Someone who looks at a state. */
  public interface Visitor {
    /**
     * Looks at one.
     *
     * @param changes how many changes of the log were made before the power was cut
     * @param state what is left; taken over
     */
    void visit(int changes, DiskImage state) throws Exception;
  }

  private final DiskImage durable;
  private final List<DiskChange> log;
  private final Random random;
  private final Set<Long> seen = new HashSet<>();
  private final List<DiskChange> pending = new ArrayList<>();

  /**
   * Those of a disk.
   *
   * @param start what was on it, durably, when it was switched on
   * @param log what was changed since
   */
  public CrashStates(DiskImage start, List<DiskChange> log, long seed) {
    this.durable = start.copy();
    this.log = log;
    this.random = new Random(seed);
  }

  /**
   * Visits the states, each once, up to so many for each moment: nothing of what was pending, all
   * of it, then subsets.
   *
   * @return how many there were
   */
  public int forEach(int mostPerMoment, Visitor visitor) throws Exception {
    for (int n = 0; n <= log.size(); n++) {
      visit(n, subset(change -> false), visitor);
      visit(n, subset(change -> true), visitor);
      boolean isTearable = pending.stream().anyMatch(DiskChange.Write.class::isInstance);
      int subsets = pending.isEmpty() ? 0 : 2 << Math.min(pending.size(), 20);
      int tries = isTearable ? mostPerMoment : subsets;
      for (int i = 2; i < Math.min(tries, mostPerMoment); i++) {
        visit(
            n, isTearable && i % 8 > 0 ? torn() : subset(change -> random.nextBoolean()), visitor);
      }
      if (n < log.size()) {
        take(log.get(n));
      }
    }
    return seen.size();
  }

  /** Only what is left if nothing that was pending made it, after so many changes. */
  public static DiskImage synced(DiskImage start, List<DiskChange> log, int changes) {
    CrashStates states = new CrashStates(start, log, 0);
    for (DiskChange change : log.subList(0, changes)) {
      states.take(change);
    }
    return states.durable;
  }

  private void visit(int n, DiskImage state, Visitor visitor) throws Exception {
    if (seen.add(state.fingerprint())) {
      visitor.visit(n, state);
    }
  }

  private void take(DiskChange change) {
    if (!(change instanceof DiskChange.Sync sync)) {
      pending.add(change);
      return;
    }
    List<DiskChange> rest = new ArrayList<>();
    for (DiskChange earlier : pending) {
      if (earlier.owner() == sync.inode() || needed(earlier, sync)) {
        durable.apply(earlier);
      } else {
        rest.add(earlier);
      }
    }
    pending.clear();
    pending.addAll(rest);
  }

  /** A file that moves to another folder has its new name before it loses the old one. */
  private boolean needed(DiskChange earlier, DiskChange.Sync sync) {
    return earlier instanceof DiskChange.Link link
        && pending.stream()
            .anyMatch(
                other ->
                    other instanceof DiskChange.Unlink unlink
                        && unlink.folder() == sync.inode()
                        && unlink.inode() == link.inode());
  }

  private interface Choice {
    boolean isThere(DiskChange change);
  }

  private DiskImage subset(Choice choice) {
    DiskImage state = durable.copy();
    Set<Integer> unlinkable = new HashSet<>();
    Set<Integer> moved = new HashSet<>();
    for (DiskChange change : pending) {
      if (change instanceof DiskChange.Link link) {
        moved.add(link.inode());
      }
      boolean mayBeThere =
          !(change instanceof DiskChange.Unlink unlink)
              || !moved.contains(unlink.inode())
              || unlinkable.contains(unlink.inode());
      if (mayBeThere && choice.isThere(change)) {
        state.apply(change);
        if (change instanceof DiskChange.Link link) {
          unlinkable.add(link.inode());
        }
      }
    }
    return state;
  }

  /** Each write in some of its sectors only; the others as zeros, or as they were. */
  private DiskImage torn() {
    boolean areNamesThere = random.nextBoolean();
    DiskImage state =
        subset(
            change ->
                !(change instanceof DiskChange.Write) && (areNamesThere || random.nextBoolean()));
    for (DiskChange change : pending) {
      if (change instanceof DiskChange.Write write) {
        tear(state, write);
      }
    }
    return state;
  }

  private void tear(DiskImage state, DiskChange.Write write) {
    int length = write.bytes().length;
    int kind = random.nextInt(3);
    if (kind == 0) { // cut at any byte: the file's length is what was last noted
      int cut = random.nextInt(length + 1);
      state.apply(
          new DiskChange.Write(write.inode(), write.offset(), Arrays.copyOf(write.bytes(), cut)));
      return;
    }
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; at += SECTOR) {
      if (random.nextInt(kind == 1 ? 2 : 8) > 0) {
        System.arraycopy(write.bytes(), at, bytes, at, Math.min(SECTOR, length - at));
      }
    }
    state.apply(new DiskChange.Write(write.inode(), write.offset(), bytes));
  }
}
