// A journey told in sentences: each is one step, printed once it holds, and the first that does not ends the journey.

/** Steps that are told, and what was left out. */
export class Story {
  #told = 0;
  #omitted = [];
  #sentence = "the demo opens";

  /** Takes a step; `act` throws when the sentence is not true. */
  async tell(sentence, act) {
    this.#sentence = sentence;
    const value = await act();
    this.#told += 1;
    console.log(`  ${sentence}`);
    return value;
  }

  /** Says that a step could not be taken because the program does not have its page yet. */
  omit(sentence, reason) {
    this.#omitted.push(sentence);
    console.log(`  LEFT OUT: ${sentence} (${reason})`);
  }

  /** The last word of a journey that failed. */
  fail(error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`\nIt is not so that ${this.#sentence}: ${reason}`);
    if (process.env.DEBUG && error instanceof Error) console.error(error.stack);
  }

  /** The last word of a journey that went well. */
  end(more) {
    const left = this.#omitted.length === 0 ? "" : `, ${this.#omitted.length} left out`;
    console.log(`\n${this.#told} steps held${left}; ${more}`);
  }
}

/** Throws the sentence when the condition does not hold. */
export function must(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

/** Throws unless both are the same; `what` names them. */
export function mustEqual(found, wanted, what) {
  must(found === wanted, `${what} is ${JSON.stringify(found)} and should be ${JSON.stringify(wanted)}`);
}
