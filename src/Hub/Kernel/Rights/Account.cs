using System.Buffers;
using DispatchCenter.Hub.Kernel.Encryption;
using Microsoft.AspNetCore.Identity;

namespace DispatchCenter.Hub.Kernel.Rights;

/// <summary>The roles of accounts. A team member's rights follow from its post.</summary>
public enum Role
{
    /// <summary>街道值班员.</summary>
    Duty,

    /// <summary>街道带班领导.</summary>
    Leader,

    /// <summary>社区值班.</summary>
    Community,

    /// <summary>睦邻管家: grid worker, property, building head or police of a team.</summary>
    Member,

    Admin,

    Auditor,

    /// <summary>A read-only kiosk.</summary>
    Wall,
}

/// <summary>A staff member who can sign in. Residents have no account: the tracking code is their capability.</summary>
public sealed class Account : IdentityUser
{
    public const string PhoneColumn = "accounts.phone_number";

    /// <summary>间隔号, between the parts of a name.</summary>
    public const char MiddleDot = '·';

    private static readonly SearchValues<char> OtherDots = SearchValues.Create("•‧・∙⋅․");

    /// <summary>A sign-in name in its one form: without blanks around it, and with the middle dot that keyboards write in many ways.</summary>
    public static string NameOf(string? typed) => string.Concat((typed ?? string.Empty).Trim().Trim('\u3000', '\u00A0').Select(c => OtherDots.Contains(c) ? MiddleDot : c));

    /// <summary>The number for text messages and calls, in place of <see cref="IdentityUser{TKey}.PhoneNumber"/>, which is not stored.</summary>
    public Encrypted? Phone { get; set; }

    public Role Role { get; set; }

    /// <summary>The opaque post that the account acts as; null for accounts that never act on a case.</summary>
    public string? Post { get; set; }
}
