namespace DispatchCenter.Hub.Ledger;

/// <summary>The commit failed but may have taken effect; looking for its first entry settles it.</summary>
internal sealed class OutcomeUnknownException(long seq, string command, List<DeskReply> replies, Exception inner)
    : Exception("The commit failed; whether it took place is to be settled.", inner)
{
    public long Seq => seq;

    public string Command => command;

    public List<DeskReply> Replies => replies;
}
