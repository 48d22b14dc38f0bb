using DispatchCenter.Contracts;

namespace DispatchCenter.Web.Features.Persons;

/// <summary>What a person reads of who looked at their data, and of their erasure, on whatever page is theirs.</summary>
/// <param name="Looks">Newest first.</param>
public sealed record Looked(IReadOnlyList<LookLine> Looks, Erasure? Erasure, DateTimeOffset Now);
