using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel.Rights;
using Role = DispatchCenter.Hub.Kernel.Rights.Role;

namespace DispatchCenter.Hub.Register;

/// <summary>What somebody may read of the register without stating a purpose, and what they may change.</summary>
public readonly record struct RegisterSight(Staff? Who, RegisterMap Map)
{
    /// <summary>Whether an entry is there for them: a listed one for everybody, any other for staff of its place.</summary>
    public bool Sees(Entry entry) => Map.Kinds.Find(entry.Kind)?.IsListed == true || IsStaffOf(entry);

    /// <summary>Whether they read a field of this class.</summary>
    public bool Reads(Entry entry, Privacy privacy) => privacy == Privacy.Public ? Sees(entry) : privacy == Privacy.Staff && IsStaffOf(entry);

    /// <summary>Whether they may change it: the street's organiser, or the desk of the community in which it lies.</summary>
    public bool Keeps(Entry entry) => Who is { } who && (who.Role == Role.Admin || (who.Post is { Kind: PostKind.CommunityDesk } post && Lies(entry.Place) is { } community && community == post.Community));

    /// <summary>Whether they may make this of it: whoever holds a role is called for it, so a community's desk gives none outside its own community, and leaves those that the street gave.</summary>
    /// <param name="before">Null for a new entry.</param>
    public bool MayWrite(Entry after, Entry? before)
    {
        if (!Keeps(after) || (before is not null && !Keeps(before))) return false;
        if (Who!.Role == Role.Admin) return true;
        var (map, own) = (Map, Who.Post!.Community);
        return after.Ties.Except(before?.Ties ?? []).Concat((before?.Ties ?? []).Except(after.Ties)).All(tie => map.Area(tie.Place).Community is { } community && community == own);
    }

    /// <summary>Whether a place may be named to them: one of the map, or an entry that they see.</summary>
    public bool SeesPlace(string place) => Map.Find(place) is not { } entry || Sees(entry);

    private bool IsStaffOf(Entry entry) => Who is { } who && who.Role switch
    {
        Role.Duty or Role.Leader or Role.Admin => true,
        Role.Community or Role.Member => Lies(entry.Place) is { } community ? community == who.Post?.Community : Map.Outwards(entry.Place).Last() == Kinds.Street, // what has lost its place is the street's to find one for
        Role.Auditor or Role.Wall => false,
        _ => throw new InvalidOperationException($"A role without a rule: {who.Role}."),
    };

    private Domain.Street.CommunityCode? Lies(string place) => Map.Area(place).Community;
}
