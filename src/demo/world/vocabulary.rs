//! The words of the estate: wallets, issuers, systems, devices, countries, and how often each occurs.

/// Wallet providers and their share of requests in parts of 1,000.
pub(super) const WALLETS: [(&str, u64); 3] = [("ApplePay", 350), ("GooglePay", 450), ("SamsungPay", 200)];

/// Card issuers and their share of requests in parts of 1,000.
pub(super) const ISSUERS: [(&str, u64); 3] = [("Contoso_Bank", 400), ("DEMO_Bank", 350), ("Northwind_CU", 250)];

/// Countries and their share of requests in parts of 1,000.
pub(super) const COUNTRIES: [(&str, u64); 5] = [("US", 460), ("GB", 180), ("DE", 140), ("BR", 120), ("JP", 100)];

/// Combinations of wallet and issuer, the dimensions that the service publishes.
pub(super) const COMBOS: usize = WALLETS.len() * ISSUERS.len();

/// A system that a wallet runs on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Platform {
    /// Index into [`WALLETS`].
    pub(super) wallet: u8,
    /// The system as the log lines name it.
    pub(super) os: &'static str,
    /// Its share of the wallet's requests in parts of 1,000.
    pub(super) share: u64,
    /// Devices that run it.
    pub(super) devices: &'static [&'static str],
}

/// Every system of every wallet.
pub(super) const PLATFORMS: [Platform; 7] = [
    Platform {
        wallet: 0,
        os: "iOS 18",
        share: 720,
        devices: &["iPhone15,3", "iPhone16,1", "iPhone16,2", "iPhone17,3", "iPhone14,7"],
    },
    Platform { wallet: 0, os: "iOS 17", share: 280, devices: &["iPhone12,1", "iPhone13,2", "iPhone14,5"] },
    Platform {
        wallet: 1,
        os: "Android 14",
        share: 700,
        devices: &["Pixel 8", "Pixel 7a", "Pixel 8 Pro", "Xperia 1 V"],
    },
    Platform { wallet: 1, os: "Android 15", share: 150, devices: &["Pixel 9", "Pixel 9 Pro", "OnePlus 12"] },
    Platform { wallet: 1, os: "Android 13", share: 150, devices: &["Pixel 6a", "moto g84", "Nokia X30"] },
    Platform { wallet: 2, os: "Android 14", share: 600, devices: &["SM-S918B", "SM-S921U", "SM-F946B"] },
    Platform { wallet: 2, os: "Android 13", share: 400, devices: &["SM-G991B", "SM-A536E"] },
];

/// One combination of wallet, issuer, system and country: the unit in which load is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// Index into [`WALLETS`].
    pub(super) wallet: u8,
    /// Index into [`ISSUERS`].
    pub(super) issuer: u8,
    /// Index into [`PLATFORMS`].
    pub(super) platform: u8,
    /// Index into [`COUNTRIES`].
    pub(super) country: u8,
    /// Its own share of all requests, in units of 10⁻¹².
    pub(super) share: u64,
    /// The share of all cells up to and with this one, in units of 2⁻³².
    pub(super) upto: u64,
}

/// A million million: the product of four shares in parts of 1,000.
const WHOLE: u128 = 1_000_000_000_000;

impl Cell {
    /// Every cell, those of one combination of wallet and issuer side by side.
    pub(super) fn all() -> Vec<Self> {
        let mut cells = Vec::new();
        let mut sum: u128 = 0;
        for (wallet, (_, of_wallet)) in WALLETS.iter().enumerate() {
            for (issuer, (_, of_issuer)) in ISSUERS.iter().enumerate() {
                let here = PLATFORMS.iter().enumerate().filter(|(_, p)| usize::from(p.wallet) == wallet);
                for (platform, Platform { share: of_platform, .. }) in here {
                    for (country, (_, of_country)) in COUNTRIES.iter().enumerate() {
                        let share = of_wallet * of_issuer * of_platform * of_country;
                        sum += u128::from(share);
                        cells.push(Self {
                            wallet: wallet as u8,
                            issuer: issuer as u8,
                            platform: platform as u8,
                            country: country as u8,
                            share,
                            upto: ((sum << 32) / WHOLE) as u64,
                        });
                    }
                }
            }
        }
        cells
    }

    /// Index of its combination of wallet and issuer.
    pub(super) const fn combo(&self) -> usize {
        self.wallet as usize * ISSUERS.len() + self.issuer as usize
    }

    /// The wallet's name.
    pub(super) const fn wallet_name(&self) -> &'static str {
        WALLETS[self.wallet as usize].0
    }

    /// The issuer's name.
    pub(super) const fn issuer_name(&self) -> &'static str {
        ISSUERS[self.issuer as usize].0
    }

    /// The country's code.
    pub(super) const fn country_name(&self) -> &'static str {
        COUNTRIES[self.country as usize].0
    }

    /// The system and its devices.
    pub(super) const fn platform(&self) -> &'static Platform {
        const ALL: &[Platform] = &PLATFORMS;
        &ALL[self.platform as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_and_independent() {
        let cells = Cell::all();
        assert_eq!(cells.iter().map(|c| u128::from(c.share)).sum::<u128>(), WHOLE);
        assert_eq!(cells.last().map(|c| c.upto), Some(1 << 32));
        let guilty: u64 = cells
            .iter()
            .filter(|c| {
                c.issuer_name() == "Contoso_Bank" && c.wallet_name() == "GooglePay" && c.platform().os == "Android 14"
            })
            .map(|c| c.share)
            .sum();
        assert_eq!(guilty, 126_000_000_000);
        assert!(cells.is_sorted_by_key(Cell::combo));
    }
}
