using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>
/// Writes acts into the record, in the transaction of what was done. What is done to the roster, and who joins or leaves, is in the roster's own journal.
/// </summary>
public static class Acts
{
    /// <summary>Who acted if nobody was signed in: the program itself.</summary>
    public const string BySystem = "system";

    public const string PasswordChosen = "passwordChosen", LockedOut = "lockedOut", SignedOut = "signedOut", PhoneChanged = "phoneChanged", AdminMade = "adminMade";

    public const string SecondFactorOn = "secondFactorOn", SecondFactorOff = "secondFactorOff", SecondFactorReset = "secondFactorReset", RecoveryCodesMade = "recoveryCodesMade", RecoveryCodeUsed = "recoveryCodeUsed";

    public const string DocumentAdded = "documentAdded", ChannelPut = "channelPut", ChannelRemoved = "channelRemoved", ChannelTested = "channelTested", Resent = "resent";

    public const string LinkIssued = "linkIssued", LinkWithdrawn = "linkWithdrawn";

    public const string ErasureAsked = "erasureAsked", ErasureRepeated = "erasureRepeated", Erased = "erased";

    /// <summary>A household's link to its own entry of the register.</summary>
    public const string LinkGiven = "linkGiven", LinkEnded = "linkEnded";

    /// <summary>Every act there is; each has a word on the auditor's page.</summary>
    public static readonly IReadOnlyList<string> All = [PasswordChosen, LockedOut, SignedOut, PhoneChanged, AdminMade, SecondFactorOn, SecondFactorOff, SecondFactorReset, RecoveryCodesMade, RecoveryCodeUsed, DocumentAdded, ChannelPut, ChannelRemoved, ChannelTested, Resent, ErasureAsked, ErasureRepeated, Erased, LinkGiven, LinkEnded, LinkIssued, LinkWithdrawn];

    /// <param name="by">An account's id, or what ran: import, system.</param>
    /// <param name="subject">account:ID, channel:CODE, KIND:VERSION, call:NUMBER, entry:CODE; never a person.</param>
    /// <param name="detail">Codes; never a number, a password, an address or words.</param>
    public static void Act(this DispatchDb db, string by, DateTimeOffset at, string what, string subject, string detail = "") =>
        db.Acts.Add(new ActRow { At = at, ByAccount = by, What = what, Subject = subject, Detail = detail });

    /// <summary>Adds a version of a document of the street, which is an act.</summary>
    public static void AddDocument(this DispatchDb db, DocumentRow row)
    {
        db.Documents.Add(row);
        db.Act(row.ByAccount, row.At, DocumentAdded, $"{row.Kind}:{row.Version}");
    }

    public static string Of(Account account) => $"account:{account.Id}";
}
