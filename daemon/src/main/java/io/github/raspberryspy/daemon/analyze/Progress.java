package io.github.raspberryspy.daemon.analyze;

/** Told how far the work is. Thread-safe. */
interface Progress extends AutoCloseable {

  /** Nobody looks. */
  Progress NONE =
      new Progress() {
        @Override
        public boolean isShown() {
          return false;
        }

        @Override
        public void expect(long us) {}

        @Override
        public void seen(long us) {}

        @Override
        public void print(Runnable printing) {
          printing.run();
        }

        @Override
        public void close() {}
      };

  /** Whether it is worth finding out how much there is to do. */
  boolean isShown();

  /** There is so much more footage to see than was known, microseconds. */
  void expect(long us);

  /** So much more of it has been seen. */
  void seen(long us);

  /** Lets somebody print lines without getting into each other's way. */
  void print(Runnable printing);

  @Override
  void close();
}
