namespace DispatchCenter.Contracts;

/// <summary><c>GET /api/acts?list=&amp;before=</c>, for auditors: what was done to accounts, channels and documents (<c>settings</c>), to the roster and its people (<c>roster</c>), or what auditors read (<c>looks</c>), newest first.</summary>
/// <param name="Next">For <c>before</c>, the next page; null if there is none.</param>
public sealed record ActsView(string List, IReadOnlyList<ActLine> Acts, long? Next);

/// <param name="By">The sign-in name of who did it, or what ran: import, system.</param>
/// <param name="What">A code.</param>
/// <param name="Subject">account:NAME, channel:CODE, KIND:VERSION of a document, a unit of the roster, or what was read.</param>
/// <param name="Detail">Codes; never a number, a password or words.</param>
public sealed record ActLine(long Id, DateTimeOffset At, string By, string What, string Subject, string Detail);

/// <summary><c>GET /api/chain?from=&amp;to=</c>, for auditors and administrators: where the audit chain ends, the key that signs it, and the roots of days (Asia/Shanghai), newest first.</summary>
/// <param name="Hash">Of the last link, hexadecimal.</param>
/// <param name="Fingerprint">SHA-256 of the public key, hexadecimal.</param>
/// <param name="PublicKey">PEM.</param>
public sealed record ChainView(long Link, string Hash, DateTimeOffset At, string Fingerprint, string PublicKey, IReadOnlyList<ChainDay> Days);

/// <summary>A day's links under one root, small enough for a notice board.</summary>
/// <param name="First">Its first link.</param>
/// <param name="Last">Its last one.</param>
/// <param name="Root">Hexadecimal.</param>
/// <param name="Hash">Of the last link, hexadecimal.</param>
/// <param name="Signature">Hexadecimal, of the text in docs/audit-chain.md.</param>
/// <param name="IsOver">Whether the day is over, so that its root is final.</param>
public sealed record ChainDay(DateOnly Day, long First, long Last, string Root, string Hash, string Signature, bool IsOver);
