using System.Collections.Frozen;
using System.Reflection;
using DispatchCenter.Domain.Duty;

namespace DispatchCenter.Hub.Kernel.Rights;

/// <summary>The kinds of requester.</summary>
public enum Actor
{
    /// <summary>Anyone, signed in or not; residents have no account.</summary>
    Anyone,
    Duty,
    Leader,
    Community,
    GridWorker,
    Property,
    BuildingHead,
    Police,
    Admin,
    Auditor,
    Wall,
}

/// <summary>
/// Something that can be requested, and by whom. Every endpoint, page and hub method declares one; without one it is rejected. Each module has a class for its
/// rights.
/// </summary>
public sealed record Right
{
    /// <summary>Signing in needs no right: requests open to all declare <see cref="Actor.Anyone"/>.</summary>
    public Right(string name, params IReadOnlyList<Actor> actors) => (Name, Actors) = (name, actors.ToFrozenSet());

    public string Name { get; }

    public FrozenSet<Actor> Actors { get; }

    /// <summary>The rights in a class.</summary>
    public static IEnumerable<Right> In(Type rights) => rights.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<Right>();
}

/// <summary>The rights that belong to no module.</summary>
public static class KernelRights
{
    /// <summary>Pages, files and health checks open to everyone.</summary>
    public static readonly Right Public = new(nameof(Public), Actor.Anyone);

    /// <summary>A person's own account.</summary>
    public static readonly Right Self = new(nameof(Self), Actor.Duty, Actor.Leader, Actor.Community, Actor.GridWorker, Actor.Property, Actor.BuildingHead, Actor.Police, Actor.Admin, Actor.Auditor, Actor.Wall);
}

/// <summary>Checks rights.</summary>
public static class Access
{
    public static bool IsOpenToAll(Right right) => May(null, right);

    /// <summary>Whether an account (null: not signed in) holds a right.</summary>
    public static bool May(Staff? who, Right right) => right.Actors.Contains(Actor.Anyone) || (who is not null && right.Actors.Contains(ActorOf(who)));

    public static Actor ActorOf(Staff who) => who.Role switch
    {
        Role.Duty => Actor.Duty,
        Role.Leader => Actor.Leader,
        Role.Community => Actor.Community,
        Role.Admin => Actor.Admin,
        Role.Auditor => Actor.Auditor,
        Role.Wall => Actor.Wall,
        Role.Member => who.Post?.Kind switch
        {
            PostKind.GridWorker => Actor.GridWorker,
            PostKind.Property => Actor.Property,
            PostKind.BuildingHead => Actor.BuildingHead,
            PostKind.Police => Actor.Police,
            _ => throw new InvalidOperationException("A team member's account has no team post."),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(who), who.Role, null),
    };
}
