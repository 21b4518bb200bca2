"""The referral form on paper: as PDF with our own fonts, or as a page that the browser prints."""
