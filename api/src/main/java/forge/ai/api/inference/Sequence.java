package forge.ai.api.inference;

import forge.ai.api.InvalidRequestException;

/**
 * The sequence that a request belongs to. Requests of one sequence go to one instance of one version, one after the
 * other in the order in which they come; tensors that the model's settings name as its state go from each to the next.
 *
 * @param id its name among the sequences of the model, 1 to 256 characters
 * @param start whether it begins here; a sequence of this name that is still there begins anew
 * @param end whether it ends here
 */
public record Sequence(String id, boolean start, boolean end) {

    private static final int LONGEST = 256;

    public Sequence {
        if (id.isEmpty() || id.length() > LONGEST) {
            throw new InvalidRequestException("the id of a sequence has 1 to " + LONGEST + " characters");
        }
    }
}
